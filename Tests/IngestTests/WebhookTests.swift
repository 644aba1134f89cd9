import Foundation
import Ingest
import TestSupport
import Testing

@Suite struct WebhookTests {
    let client = WebClient(userAgent: "honed/1.2.3")

    /// A message and its signature by Python's hmac.
    private struct Signed: Decodable {
        let secret, body, signature: String
    }

    private func post(_ webhook: Webhook, _ body: String = "{}") async throws {
        try await webhook.post(Array(body.utf8), kind: "drift_alarm", delivery: "detection/17", by: client)
    }

    @Test func `a message carries its kind, its name and a signature that another program computes too`()
        async throws
    {
        let signed = try JSONDecoder().decode(Signed.self, from: Data(fixture("signature.json")))
        let folder = try TemporaryFolder()
        let secret = try folder.write("key", signed.secret + "\n")
        let server = try HostileServer { $0.answer("204 No Content", [], "") }

        try await post(
            Webhook(url: server.url("/hook"), secretFile: secret, timeout: .seconds(60)), signed.body)

        let request = server.requests[0]
        #expect(request.method == "POST" && request.target == "/hook")
        #expect(request.body == Array(signed.body.utf8))
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-hone-event"] == "drift_alarm")
        #expect(request.headers["x-hone-delivery"] == "detection/17")
        #expect(request.headers["x-hone-signature"] == signed.signature)
    }

    @Test func `without a secret nothing is signed`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], "") }

        try await post(Webhook(url: server.url(), timeout: .seconds(60)))

        #expect(server.requests[0].headers["x-hone-signature"] == nil)
    }

    @Test(arguments: [
        ("301 Moved Permanently", 301, "a redirect, which is not followed"),
        ("403 Forbidden", 403, "check secret_file, here and there"), ("404 Not Found", 404, "check url"),
        ("500 Internal Server Error", 500, "a fault of the receiver"),
    ])
    func `any other answer than yes is a no, with what to do`(
        _ line: String, _ code: Int, _ remedy: String
    ) async throws {
        let server = try HostileServer {
            $0.answer(line, ["Location: http://127.0.0.1:1/", "Retry-After: 7"], "no")
        }

        let error = await #expect(throws: WebhookError.self) {
            try await post(Webhook(url: server.url("/hook?token=secret"), timeout: .seconds(60)))
        }

        #expect(error?.statusCode == code && error?.retryAfter == .seconds(7))
        #expect(error?.description.contains(remedy) == true)
        #expect(error?.description.contains("token") == false)
        #expect(server.requests.count == 1)
    }

    @Test func `a secret that cannot be read sends nothing`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], "") }

        await #expect(throws: IngestError.self) {
            try await post(Webhook(url: server.url(), secretFile: "/nowhere/key", timeout: .seconds(60)))
        }

        #expect(server.requests.isEmpty)
    }

    @Test func `nobody at the address is told as such`() async throws {
        let webhook = Webhook(url: try HostileServer.deserted(), timeout: .seconds(60))

        await #expect(throws: IngestError.self) { try await post(webhook) }
    }
}
