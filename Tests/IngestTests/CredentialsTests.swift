import Foundation
import Ingest
import Testing

@Suite struct CredentialsTests {
    let folder: TemporaryFolder
    let client = ImpatientFetcher()

    init() throws { folder = try TemporaryFolder() }

    @Test func `each kind travels in its header`() async throws {
        let key = try folder.write("key", "s3cret\n")
        let server = try HostileServer { $0.answer("200 OK", [], twoRows) }

        for credentials in [
            Credentials.bearer(tokenFile: key),
            .basic(user: "Aladdin", passwordFile: try folder.write("p", "open sesame\r\n")),
            .header(name: "X-Api-Key", valueFile: key),
        ] {
            _ = try await client.fetch(source(server.url()) { $0.credentials = credentials })
        }

        #expect(server.requests[0].headers["authorization"] == "Bearer s3cret")
        #expect(server.requests[1].headers["authorization"] == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
        #expect(server.requests[2].headers["x-api-key"] == "s3cret")
        #expect(client.log.all == [])
    }

    @Test func `a rotated secret needs no restart`() async throws {
        let key = try folder.write("key", "old")
        let server = try HostileServer { $0.answer("200 OK", [], twoRows) }
        let source = source(server.url()) { $0.credentials = .bearer(tokenFile: key) }

        _ = try await client.fetch(source)
        try folder.write("key", "new")
        _ = try await client.fetch(source)

        #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer old", "Bearer new"])
    }

    @Test func `a file that others may read is told, with the remedy`() async throws {
        let key = try folder.write("key", "s3cret", mode: 0o644)
        let server = try HostileServer { $0.answer("200 OK", [], twoRows) }

        _ = try await client.fetch(source(server.url()) { $0.credentials = .bearer(tokenFile: key) })

        let line = try #require(client.log.all.first)
        #expect(line.hasPrefix("warning: source reviews: the secret file \(key) has mode 644"))
        #expect(line.contains("chmod 0640 \(key)"))
    }

    @Test func `a secret that cannot be used is told before anything is asked`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], twoRows) }
        let cases = [
            (folder.path + "/missing", "it does not exist, or its folder is closed to this user"),
            (folder.path, "it is not a regular file"),
            (try folder.write("empty", "\n"), "it is empty"),
            (
                try folder.write("lines", "a\r\nX-Injected: b"),
                "it holds line breaks or bytes that no header may carry"
            ),
            (try folder.write("large", String(repeating: "a", count: 70_000)), "it is larger than 64 KiB"),
        ]

        for (path, why) in cases {
            let error = try await client.failure(
                source(server.url()) { $0.credentials = .bearer(tokenFile: path) })
            #expect(error == .secretUnusable(path: path, why: why))
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `no secret is in what is logged or thrown`() async throws {
        let key = try folder.write("key", "s3cret", mode: 0o666)
        let server = try HostileServer { exchange in
            // The server sends the secret back wherever it can.
            exchange.answer("500 s3cret", ["Content-Type: text/s3cret"], "s3cret")
        }

        let error = try await client.failure(
            source(server.url("/rows?key=s3cret#s3cret")) {
                $0.credentials = .bearer(tokenFile: key)
                $0.retries = 2
            })

        #expect(!"\(error)".contains("s3cret"))
        #expect(!String(reflecting: error).contains("s3cret"))
        #expect(client.log.all.allSatisfy { !$0.contains("s3cret") })
        #expect(client.log.all.count == 5)
    }

    @Test func `a password in an address is refused and not repeated`() async throws {
        let error = try await client.failure(source("https://user:s3cret@example.org/rows"))

        #expect("\(error)".contains("holds a user name or password"))
        #expect(!"\(error)".contains("s3cret"))
    }

    @Test func `a header cannot smuggle another`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], twoRows) }

        for headers in [["X-A": "1\r\nX-B: 2"], ["X-A: 1\r\nX-B": "2"], ["": "1"]] {
            let error = try await client.failure(source(server.url()) { $0.headers = headers })
            guard case .invalidRequest = error else {
                Issue.record("\(headers) was sent")
                return
            }
        }
        #expect(server.requests.isEmpty)
    }
}
