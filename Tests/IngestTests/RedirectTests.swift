import Foundation
import Ingest
import Testing

@Suite struct RedirectTests {
    let client = ImpatientFetcher()

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is followed`(status: Int) async throws {
        let server = try HostileServer { exchange in
            if exchange.request.target == "/old/rows" {
                exchange.answer("\(status) Moved", ["Location: ../new/rows?x=1"], "moved")
            } else {
                exchange.answer("200 OK", [], twoRows)
            }
        }

        let page = try await client.fetch(source(server.url("/old/rows")))

        #expect(page.examples.count == 2)
        #expect(server.requests.map(\.target) == ["/old/rows", "/new/rows?x=1"])
    }

    @Test func `a loop ends`() async throws {
        let server = try HostileServer { $0.answer("302 Found", ["Location: /rows"], "") }

        let error = try await client.failure(source(server.url()) { $0.limits.maximumRedirects = 3 })

        #expect(
            error
                == .redirectRefused(
                    url: server.url(), target: server.url(),
                    why: "it would be redirect number 4, and 3 are allowed"))
        #expect(server.requests.count == 4)
    }

    @Test(arguments: [
        "file:///etc/passwd", "FILE:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x",
        "javascript:0",
    ])
    func `only HTTP is followed`(target: String) async throws {
        let server = try HostileServer { $0.answer("302 Found", ["Location: \(target)"], "") }

        await #expect(throws: IngestError.self) { try await client.fetch(source(server.url())) }
        #expect(server.requests.count == 1)
    }

    @Test func `a file of this machine says so`() async throws {
        let server = try HostileServer { $0.answer("302 Found", ["Location: file:///etc/passwd"], "") }

        let error = try await client.failure(source(server.url()))

        #expect(
            error
                == .redirectRefused(
                    url: server.url(), target: "file:///etc/passwd",
                    why: "a server may not point to a file of this machine"))
    }

    @Test func `the way back from https is closed`() throws {
        let address = try Address("https://example.org/rows")

        #expect(
            try address.following("https://other.example/rows", redirects: 1, limit: 5).host
                == "other.example")
        #expect(throws: IngestError.self) {
            try address.following("http://example.org/rows", redirects: 1, limit: 5)
        }
        #expect(throws: IngestError.self) {
            try address.following("https://u:p@example.org/", redirects: 1, limit: 5)
        }
    }

    @Test func `a redirect to nowhere is a status`() async throws {
        let server = try HostileServer { $0.answer("302 Found", [], "") }

        #expect(
            try await client.failure(source(server.url()))
                == .status(url: server.url(), code: 302, retryAfter: nil))
    }

    @Test func `another host is told no secret and no header of the source`() async throws {
        let folder = try TemporaryFolder()
        let key = try folder.write("key", "s3cret")
        // Another port is another origin.
        let other = try HostileServer { $0.answer("200 OK", [], twoRows) }
        let elsewhere = other.url("/x?signature=1")
        let server = try HostileServer { $0.answer("307 Temporary Redirect", ["Location: \(elsewhere)"], "") }

        for credentials in [
            Credentials.bearer(tokenFile: key), .basic(user: "u", passwordFile: key),
            .header(name: "X-Api-Key", valueFile: key),
        ] {
            _ = try await client.fetch(
                source(server.url()) {
                    $0.credentials = credentials
                    $0.headers = ["Cookie": "session=1", "X-Tenant": "7"]
                })
        }

        #expect(
            server.requests.allSatisfy {
                $0.headers["authorization"] != nil || $0.headers["x-api-key"] == "s3cret"
            })
        #expect(server.requests.allSatisfy { $0.headers["x-tenant"] == "7" })
        for request in other.requests {
            #expect(Set(request.headers.keys) == ["host", "user-agent", "accept", "accept-encoding"])
        }
        #expect(other.requests.count == 3)
    }

    @Test func `the time limit holds for all redirects together`() async throws {
        let server = try HostileServer { exchange in
            guard exchange.rest(milliseconds: 60) else { return }
            exchange.answer("302 Found", ["Location: /rows"], "")
        }

        let error = try await client.failure(
            source(server.url()) {
                $0.totalTimeout = .milliseconds(200)
                $0.limits.maximumRedirects = 20
            })

        #expect(error == .timedOut(url: server.url(), phase: .total, after: .milliseconds(200)))
        #expect(server.requests.count < 10)
    }
}
