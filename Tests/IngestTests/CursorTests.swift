import Corpus
import Foundation
import Ingest
import Testing

/// Pages by token, by link and by time.
@Suite struct CursorTests {
    let client = ImpatientFetcher()

    // MARK: Tokens

    @Test func `a token leads from page to page`() async throws {
        let server = try HostileServer { exchange in
            let tokens = ["/rows?limit=2": "a b&c/ü", "/rows?limit=2&after=a%20b%26c%2F%C3%BC": "last"]
            let token = tokens[exchange.request.target].map { ["X-Next-Cursor: \($0)"] }
            exchange.answer("200 OK", token ?? [], twoRows)
        }
        let source = source(server.url("/rows?limit=2")) { $0.cursor = .page(parameter: "after") }

        let first = try await client.fetch(source)
        let second = try await client.fetch(source, from: first.next)
        let third = try await client.fetch(source, from: second.next)

        #expect(first.next == SourceState(cursor: "a b&c/ü"))
        #expect([first.hasMore, second.hasMore, third.hasMore] == [true, true, false])
        // Without a successor the last page is asked for again, until it has one.
        #expect(third.next == SourceState(cursor: "last"))
    }

    @Test func `a token may come in another header`() async throws {
        let server = try HostileServer { $0.answer("200 OK", ["x-continuation: t"], twoRows) }

        let page = try await client.fetch(
            source(server.url()) { $0.cursor = .page(parameter: "c", header: "X-Continuation") })

        #expect(page.next.cursor == "t")
    }

    @Test func `a token that stays, or leads from an empty page, is not followed at once`() async throws {
        let server = try HostileServer {
            $0.answer("200 OK", ["X-Next-Cursor: t"], $0.number == 0 ? "" : twoRows)
        }
        let source = source(server.url()) { $0.cursor = .page(parameter: "after") }

        let empty = try await client.fetch(source)
        let same = try await client.fetch(source, from: empty.next)

        #expect(empty.next.cursor == "t")
        #expect(!empty.hasMore)
        #expect(same.next.cursor == "t")
        #expect(!same.hasMore)
    }

    @Test func `the last page is always asked for in full`() async throws {
        let server = try HostileServer { $0.answer("200 OK", ["ETag: \"v1\""], twoRows) }
        let source = source(server.url()) { $0.cursor = .page(parameter: "after") }

        let page = try await client.fetch(source, from: SourceState(cursor: "t", etag: "\"v1\""))

        #expect(page.examples.count == 2)
        #expect(server.requests[0].headers["if-none-match"] == nil)
    }

    @Test func `an unusable token is an error`() async throws {
        let long = String(repeating: "a", count: 5_000)
        let server = try HostileServer { $0.answer("200 OK", ["X-Next-Cursor: \(long)"], twoRows) }

        guard
            case .notRows = try await client.failure(
                source(server.url()) { $0.cursor = .page(parameter: "after") })
        else {
            Issue.record("a token of 5000 bytes was accepted")
            return
        }
    }

    // MARK: Links

    @Test func `a link leads to the next page`() async throws {
        let server = try HostileServer { exchange in
            let isFirst = exchange.request.target == "/v1/rows"
            exchange.answer(
                "200 OK", isFirst ? ["Link: <?page=1>; rel=first, <rows?page=2>; rel=\"next\""] : [], twoRows)
        }
        let source = source(server.url("/v1/rows")) { $0.cursor = .page(parameter: "after") }

        let first = try await client.fetch(source)
        let second = try await client.fetch(source, from: first.next)

        #expect(first.next.cursor == "<\(server.url("/v1/rows?page=2"))>")
        #expect(first.hasMore)
        #expect(!second.hasMore)
        #expect(second.next.cursor == first.next.cursor)
        #expect(server.requests.map(\.target) == ["/v1/rows", "/v1/rows?page=2"])
    }

    @Test func `a link to another host is refused`() async throws {
        let other = try HostileServer { $0.answer("200 OK", [], twoRows) }
        let elsewhere = other.url("/x")
        let server = try HostileServer { $0.answer("200 OK", ["Link: <\(elsewhere)>; rel=next"], twoRows) }
        let source = source(server.url()) { $0.cursor = .page(parameter: "after") }

        let fresh = try await client.failure(source)
        let stored = try await client.failure(source, from: SourceState(cursor: "<\(elsewhere)>"))

        for error in [fresh, stored] {
            guard case .redirectRefused(_, elsewhere, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
        #expect(other.requests.isEmpty)
    }

    // MARK: Times

    @Test func `the newest time is where the next fetch begins`() async throws {
        let rows = [
            "{\"text\": \"a\", \"label\": \"x\", \"at\": \"2026-01-02T03:04:05.678Z\"}",
            "{\"text\": \"b\", \"label\": \"x\", \"at\": \"2026-01-02T04:04:05+01:00\"}",
            "{\"text\": \"c\", \"label\": \"x\"}\n",
        ].joined(separator: "\n")
        let server = try HostileServer { $0.answer("200 OK", ["ETag: \"v1\""], rows) }
        let source = source(server.url()) { $0.cursor = .since(parameter: "since") }

        let first = try await client.fetch(source)
        let second = try await client.fetch(source, from: first.next)

        #expect(first.next == SourceState(cursor: "2026-01-02T03:04:05.678Z"))
        #expect(first.hasMore)
        #expect(server.requests[1].target == "/rows?since=2026-01-02T03%3A04%3A05.678Z")
        // The same rows again: nothing is newer, and from here on the validator counts.
        #expect(second.next == SourceState(cursor: "2026-01-02T03:04:05.678Z", etag: "\"v1\""))
        #expect(!second.hasMore)
    }

    @Test func `a row from the future hides nothing`() async throws {
        let now = try #require(ISO8601DateFormatter().date(from: "2026-06-01T00:00:00Z"))
        let rows = [
            "{\"text\": \"a\", \"label\": \"x\", \"at\": \"2026-05-31T00:00:00Z\"}",
            "{\"text\": \"b\", \"label\": \"x\", \"at\": \"2999-01-01T00:00:00Z\"}\n",
        ].joined(separator: "\n")
        let server = try HostileServer { $0.answer("200 OK", [], rows) }

        let page = try await ImpatientFetcher(now: now).fetch(
            source(server.url()) { $0.cursor = .since(parameter: "since") })

        #expect(page.examples.count == 2)
        #expect(page.next.cursor == "2026-05-31T00:00:00.000Z")
    }

    @Test func `the cursor of another kind is forgotten`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], twoRows) }

        _ = try await client.fetch(
            source(server.url()) { $0.cursor = .since(parameter: "s") }, from: SourceState(cursor: "token"))
        _ = try await client.fetch(
            source(server.url()) { $0.cursor = .byteOffset }, from: SourceState(cursor: "token"))

        #expect(server.requests[0].target == "/rows")
        #expect(server.requests[1].headers["range"] == "bytes=0-99999999")
    }
}
