import Foundation
import Ingest
import Testing

@Suite struct WebClientTests {
    let client = WebClient(userAgent: "hone/1.2.3")

    @Test func `a question is asked over a Unix socket`() async throws {
        let folder = try TemporaryFolder()
        let socket = folder.path + "/control.sock"
        let server = try HostileServer(unixSocket: socket) { $0.answer("200 OK", ["X-Answer: 42"], "hello") }

        let response = try await client.send(WebRequest(url: "http://honed/v1/status", unixSocket: socket))

        #expect(response.statusCode == 200)
        #expect(response.headers["x-answer"] == "42")
        #expect(response.body == Array("hello".utf8))
        #expect(server.requests.map(\.target) == ["/v1/status"])
        #expect(server.requests[0].headers["host"] == "honed")
        #expect(server.requests[0].headers["user-agent"] == "hone/1.2.3")
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"])
    func `a body is sent`(method: String) async throws {
        let server = try HostileServer { $0.answer("201 Created", [], $0.request.body) }
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }

        let response = try await client.send(
            WebRequest(
                method: method, url: server.url(), headers: ["Content-Type": "application/json"], body: body))

        #expect(response.statusCode == 201)
        #expect(response.body == body)
        #expect(server.requests[0].method == method)
        #expect(server.requests[0].headers["content-type"] == "application/json")
        #expect(server.requests[0].headers["expect"] == nil)
    }

    @Test func `an empty body is sent as one`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], "") }

        _ = try await client.send(WebRequest(method: "POST", url: server.url()))

        #expect(server.requests[0].headers["content-length"] == "0")
    }

    @Test func `any status is an answer`() async throws {
        let server = try HostileServer { $0.answer("409 Conflict", [], "{\"error\": \"busy\"}") }

        let response = try await client.send(WebRequest(url: server.url()))

        #expect(response.statusCode == 409)
        #expect(String(decoding: response.body, as: UTF8.self) == "{\"error\": \"busy\"}")
    }

    @Test func `a redirect is an answer too`() async throws {
        let server = try HostileServer { $0.answer("302 Found", ["Location: file:///etc/passwd"], "") }

        #expect(try await client.send(WebRequest(url: server.url())).statusCode == 302)
    }

    @Test func `limits hold`() async throws {
        let endless = try HostileServer { exchange in
            exchange.head("200 OK", [])
            while exchange.send(String(repeating: "x", count: 10_000)) {}
        }
        let silent = try HostileServer { $0.hang() }
        let short = try HostileServer { exchange in
            exchange.head("200 OK", ["Content-Length: 10"])
            exchange.send("x")
        }

        await #expect(
            throws: IngestError.connectionLost(
                url: endless.url(), why: "the answer is longer than 100000 bytes")
        ) {
            try await client.send(WebRequest(url: endless.url(), maximumBytes: 100_000))
        }
        await #expect(
            throws: IngestError.connectionLost(
                url: silent.url(), why: "there was no whole answer within 0.1 s")
        ) {
            try await client.send(WebRequest(url: silent.url(), timeout: .milliseconds(100)))
        }
        await #expect(throws: IngestError.self) { try await client.send(WebRequest(url: short.url())) }
    }

    @Test func `nobody listens`() async throws {
        let folder = try TemporaryFolder()
        let socket = folder.path + "/control.sock"

        let error = try await #require(throws: IngestError.self) {
            try await client.send(WebRequest(url: "http://honed/", unixSocket: socket))
        }

        guard case .unreachable(let place, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(place == socket)
    }

    @Test func `only HTTP is spoken`() async throws {
        await #expect(throws: IngestError.self) {
            try await client.send(WebRequest(url: "file:///etc/passwd"))
        }
        await #expect(throws: IngestError.self) {
            try await client.send(WebRequest(method: "GET /x", url: "http://127.0.0.1:1/"))
        }
    }
}
