import Corpus
import Foundation
import Ingest
import Testing

/// One round of fetching: page after page, but not without end.
@Suite struct RoundTests {
    let client = ImpatientFetcher()

    /// A source that has another page behind each page.
    private func endless() throws -> HostileServer {
        try HostileServer { exchange in
            let row = "{\"text\": \"text \(exchange.number)\", \"label\": \"x\"}\n"
            exchange.answer("200 OK", ["X-Next-Cursor: \(exchange.number + 1)"], row)
        }
    }

    @Test func `pages without end fill a round, and the next one goes on`() async throws {
        let server = try endless()
        let source = source(server.url()) {
            $0.cursor = .page(parameter: "after")
            $0.limits.pagesPerRound = 3
        }
        var pages: [Page] = []

        let isLeft = try await client.fetcher.fetchRound(source, from: SourceState()) { pages.append($0) }
        let asked = server.requests.count
        let last = try #require(pages.last).next
        let isLeftAgain = try await client.fetcher.fetchRound(source, from: last) { pages.append($0) }

        #expect(isLeft && isLeftAgain)
        #expect(asked == 3)
        #expect(pages.flatMap(\.examples).map(\.text) == (0..<6).map { "text \($0)" })
        #expect(server.requests[3].target == "/rows?after=3")
    }

    @Test func `a source that is through ends the round`() async throws {
        let server = try HostileServer {
            $0.answer("200 OK", $0.number == 0 ? ["X-Next-Cursor: a"] : [], twoRows)
        }
        let source = source(server.url()) { $0.cursor = .page(parameter: "after") }
        var pages = 0

        let isLeft = try await client.fetcher.fetchRound(source, from: SourceState()) { _ in pages += 1 }

        #expect(!isLeft)
        #expect(pages == 2)
    }

    @Test func `a page that cannot be kept is the last one asked for`() async throws {
        struct Full: Error {}
        let server = try endless()
        let source = source(server.url()) { $0.cursor = .page(parameter: "after") }

        await #expect(throws: Full.self) {
            _ = try await client.fetcher.fetchRound(source, from: SourceState()) { _ in throw Full() }
        }

        #expect(server.requests.count == 1)
    }
}
