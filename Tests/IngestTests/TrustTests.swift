import Foundation
import Ingest
import Testing

/// TLS is always verified.
@Suite(.serialized) struct TrustTests {
    let folder: TemporaryFolder
    let client = ImpatientFetcher()

    init() throws { folder = try TemporaryFolder() }

    @Test func `a certificate that nobody signed is refused, unless it was named`() async throws {
        let server = try TLSServer(name: "IP:127.0.0.1", in: folder)

        let error = try await client.failure(source(server.url) { $0.retries = 3 })
        let page = try await client.fetch(source(server.url) { $0.caFile = server.certificate })

        guard case .untrusted(server.url, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect("\(error)".contains("name that authority's PEM file as ca_file"))
        #expect(page.examples.count == 2)
        withExtendedLifetime(server) {}
    }

    @Test func `a certificate for another host is refused even when it is trusted`() async throws {
        let server = try TLSServer(name: "DNS:other.example", in: folder)

        let error = try await client.failure(source(server.url) { $0.caFile = server.certificate })

        guard case .untrusted = error else {
            Issue.record("\(error)")
            return
        }
        withExtendedLifetime(server) {}
    }

    @Test func `an unreadable file of authorities trusts nobody`() async throws {
        let server = try TLSServer(name: "IP:127.0.0.1", in: folder)

        for path in [folder.path + "/missing.pem", try folder.write("empty.pem", "")] {
            guard case .untrusted = try await client.failure(source(server.url) { $0.caFile = path }) else {
                Issue.record("\(path) was enough")
                return
            }
        }
        withExtendedLifetime(server) {}
    }

    @Test func `a server without TLS is told`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], twoRows) }

        await #expect(throws: IngestError.self) {
            try await client.fetch(source(server.url().replacingOccurrences(of: "http:", with: "https:")))
        }
    }
}
