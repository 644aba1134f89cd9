import Corpus
import Foundation
import Ingest
import Testing

@Suite struct RetryTests {
    @Test func `faults of the server are waited out`() async throws {
        let server = try HostileServer { exchange in
            if exchange.number < 3 {
                exchange.answer("503 Service Unavailable", [], "later")
            } else {
                exchange.answer("200 OK", [], twoRows)
            }
        }
        let client = ImpatientFetcher(uniform: 0.5)

        let page = try await client.fetch(source(server.url()) { $0.retries = 4 })

        #expect(page.examples.count == 2)
        #expect(server.requests.count == 4)
        #expect(client.waited == [.seconds(0.5), .seconds(1), .seconds(2)])
        #expect(client.log.all.count == 3)
        #expect(
            client.log.all.first?.hasPrefix(
                "notice: source reviews is asked again in 0.5 s: \(server.url()) answered with status 503")
                == true)
    }

    @Test func `it ends`() async throws {
        let server = try HostileServer { $0.answer("500 Internal Server Error", [], "") }
        let client = ImpatientFetcher()

        let error = try await client.failure(source(server.url()) { $0.retries = 2 })

        #expect(error == .gaveUp(attempts: 3, last: .status(url: server.url(), code: 500, retryAfter: nil)))
        #expect("\(error)".hasSuffix("(tried 3 times)"))
        #expect(server.requests.count == 3)
    }

    @Test func `a server that asks for a pause gets it`() async throws {
        let now = try #require(ISO8601DateFormatter().date(from: "1994-11-06T08:49:07Z"))
        let server = try HostileServer { exchange in
            let pauses = ["7", "Sun, 06 Nov 1994 08:49:37 GMT", "86400"]
            if exchange.number < pauses.count {
                exchange.answer("429 Too Many Requests", ["Retry-After: \(pauses[exchange.number])"], "")
            } else {
                exchange.answer("200 OK", [], twoRows)
            }
        }
        let client = ImpatientFetcher(now: now)

        _ = try await client.fetch(source(server.url()) { $0.retries = 4 })

        #expect(client.waited == [.seconds(7), .seconds(30), .seconds(300)])
    }

    @Test(arguments: [400, 401, 403, 404, 410, 418, 422])
    func `our own faults are not repeated`(status: Int) async throws {
        let server = try HostileServer { $0.answer("\(status) No", [], "no") }
        let client = ImpatientFetcher()

        let error = try await client.failure(source(server.url()) { $0.retries = 4 })

        #expect(error == .status(url: server.url(), code: status, retryAfter: nil))
        #expect(server.requests.count == 1)
        #expect(client.waited.isEmpty)
    }

    @Test func `a cut page is asked for again, and only whole pages are delivered`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("200 OK", ["Content-Length: \(twoRows.utf8.count)", "Connection: close"])
            exchange.send(exchange.number == 0 ? String(twoRows.prefix(50)) : twoRows)
        }
        let client = ImpatientFetcher()

        let page = try await client.fetch(source(server.url()) { $0.retries = 1 })

        #expect(page.examples.map(\.text) == ["good", "bad"])
        #expect(page.rejected.isEmpty)
    }

    @Test func `an error page may be as long and as broken as it likes`() async throws {
        let server = try HostileServer { exchange in
            exchange.head("404 Not Found", ["Content-Length: 9999999999"])
            while exchange.send(String(repeating: "x", count: 10_000)) {}
        }
        let client = ImpatientFetcher()

        #expect(
            try await client.failure(source(server.url()))
                == .status(url: server.url(), code: 404, retryAfter: nil))
    }
}
