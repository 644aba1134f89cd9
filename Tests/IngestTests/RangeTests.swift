import Corpus
import Foundation
import Ingest
import Synchronization
import Testing

/// A file that only grows, read by byte offset.
@Suite struct RangeTests {
    let client = ImpatientFetcher()

    @Test func `only what is new is read`() async throws {
        let file = GrowingFile(twoRows)
        let server = try file.served()
        let source = source(server.url()) { $0.cursor = .byteOffset }

        let first = try await client.fetch(source)
        file.append("{\"text\": \"new\", \"label\": \"positive\"}\n")
        let second = try await client.fetch(source, from: first.next)
        let third = try await client.fetch(source, from: second.next)

        #expect(first.examples.count == 2)
        #expect(first.next.cursor == "75")
        #expect(second.examples.map(\.text) == ["new"])
        #expect(second.next.cursor == "112")
        // 416: nothing lies behind the end.
        #expect(third.statusCode == 416)
        #expect(third.notModified)
        #expect(third.next == second.next)
        #expect(
            server.requests.map { $0.headers["range"] } == [
                "bytes=0-99999999", "bytes=75-100000074", "bytes=112-100000111",
            ])
        #expect(server.requests.allSatisfy { $0.headers["accept-encoding"] == nil })
    }

    @Test func `a line that is still being written is read when it is whole`() async throws {
        let file = GrowingFile(twoRows + "{\"text\": \"ha")
        let server = try file.served()
        let source = source(server.url()) { $0.cursor = .byteOffset }

        let first = try await client.fetch(source)
        let still = try await client.fetch(source, from: first.next)
        file.append("lf\", \"label\": \"positive\"}\n")
        let whole = try await client.fetch(source, from: still.next)

        #expect(first.examples.count == 2)
        #expect(first.rejected.isEmpty)
        #expect(first.next.cursor == "75")
        #expect(still.examples.isEmpty && still.rejected.isEmpty)
        #expect(still.next.cursor == "75")
        #expect(!still.hasMore)
        #expect(whole.examples.map(\.text) == ["half"])
    }

    @Test func `a server that knows no ranges is read all the same`() async throws {
        let file = GrowingFile(twoRows)
        let server = try file.served(withRanges: false)
        let source = source(server.url()) { $0.cursor = .byteOffset }

        let first = try await client.fetch(source)
        file.append("{\"text\": \"new\", \"label\": \"positive\"}\n")
        let second = try await client.fetch(source, from: first.next)
        let third = try await client.fetch(source, from: second.next)

        #expect(second.examples.map(\.text) == ["new"])
        #expect(second.next.cursor == "112")
        #expect(third.examples.isEmpty)
        #expect(third.next.cursor == "112")
    }

    @Test(arguments: [true, false])
    func `a file that was replaced by a shorter one is read from its beginning`(withRanges: Bool) async throws
    {
        let file = GrowingFile(String(repeating: twoRows, count: 3))
        let server = try file.served(withRanges: withRanges)
        let source = source(server.url()) { $0.cursor = .byteOffset }

        let first = try await client.fetch(source)
        file.replace(twoRows)
        let second = try await client.fetch(source, from: first.next)
        let third = try await client.fetch(source, from: second.next)

        #expect(second.examples.isEmpty)
        #expect(second.hasMore)
        #expect(second.next == SourceState(cursor: "0"))
        #expect(third.examples.count == 2)
        #expect(!third.hasMore)
    }

    @Test func `a large file is read window by window`() async throws {
        let lines = (0..<50).map { "{\"text\": \"row \($0)\", \"label\": \"positive\"}\n" }
        let file = GrowingFile(lines.joined())
        let server = try file.served()
        let source = source(server.url()) {
            $0.cursor = .byteOffset
            $0.limits.maximumBytes = 300
        }

        let (texts, pages) = try await readAll(source)

        #expect(texts == (0..<50).map { "row \($0)" })
        #expect(pages > 5)
    }

    @Test func `a page takes as many rows as it may, and the next one goes on`() async throws {
        let lines = (0..<50).map {
            $0.isMultiple(of: 7) ? "bad \($0)\n" : "{\"text\": \"row \($0)\", \"label\": \"positive\"}\n"
        }
        let file = GrowingFile(lines.joined())
        let server = try file.served()
        let source = source(server.url()) {
            $0.cursor = .byteOffset
            $0.limits.rows.maximumRows = 8
        }

        let (texts, pages) = try await readAll(source)

        #expect(texts == (0..<50).filter { !$0.isMultiple(of: 7) }.map { "row \($0)" })
        #expect(pages == 7)
    }

    /// All rows of a source, page after page.
    private func readAll(_ source: Source) async throws -> (texts: [String], pages: Int) {
        var state = SourceState()
        var texts: [String] = []
        var pages = 0
        var hasMore = true
        while hasMore, pages < 100 {
            let page = try await client.fetch(source, from: state)
            state = page.next
            texts += page.examples.map(\.text)
            pages += 1
            hasMore = page.hasMore
        }
        return (texts, pages)
    }

    @Test func `a row that is longer than the window is told`() async throws {
        let file = GrowingFile("{\"text\": \"" + String(repeating: "a", count: 1_000) + "\"}\n")
        let server = try file.served()

        let error = try await client.failure(
            source(server.url()) {
                $0.cursor = .byteOffset
                $0.limits.maximumBytes = 300
            })

        #expect(error == .tooLarge(url: server.url(), part: .row, limit: 300))
    }

    @Test func `CSV keeps its header from page to page`() async throws {
        let file = GrowingFile("label,\"te\nxt\"\nx,one\n")
        let server = try file.served()
        let source = source(server.url()) {
            $0.cursor = .byteOffset
            $0.format = .csv
            $0.columns = ColumnMapping(text: "te\nxt")
        }

        let first = try await client.fetch(source)
        file.append("y,two\ny,\"thr")
        let second = try await client.fetch(source, from: first.next)
        file.append("ee\"\n")
        let third = try await client.fetch(source, from: second.next)

        #expect(first.examples.map(\.text) == ["one"])
        #expect(first.next.cursor == "20 label,\"te\nxt\"")
        #expect(second.examples.map(\.text) == ["two"])
        #expect(second.next.cursor == "26 label,\"te\nxt\"")
        #expect(third.examples.map(\.text) == ["three"])
    }

    @Test func `a header without an end is refused`() async throws {
        let server = try GrowingFile("\"" + String(repeating: "\n", count: 200_000)).served()

        let error = try await client.failure(
            source(server.url()) {
                $0.cursor = .byteOffset
                $0.format = .csv
            })

        #expect("\(error)".contains("its first record is longer than 65536 bytes"))
    }

    @Test func `an unchanged file is told by its validator`() async throws {
        let server = try HostileServer { exchange in
            if exchange.request.headers["if-none-match"] != nil {
                exchange.head("304 Not Modified", [])
            } else {
                exchange.answer("200 OK", ["ETag: \"v1\""], twoRows)
            }
        }
        let source = source(server.url()) { $0.cursor = .byteOffset }

        let first = try await client.fetch(source)
        let second = try await client.fetch(source, from: first.next)

        #expect(first.next == SourceState(cursor: "75", etag: "\"v1\""))
        #expect(second.notModified)
        #expect(second.next == first.next)
    }

    @Test(arguments: [
        ("Content-Range: bytes 5-79/80", "bytes from 5 came for bytes from 0"),
        ("Content-Range: rows 0-1/2", "status 206 came without a usable Content-Range"),
        ("Content-Type: multipart/byteranges; boundary=x", "status 206 came without a usable Content-Range"),
    ])
    func `another part than was asked for is refused`(header: String, why: String) async throws {
        let server = try HostileServer { $0.answer("206 Partial Content", [header], twoRows) }

        let error = try await client.failure(source(server.url()) { $0.cursor = .byteOffset })

        #expect(error == .wrongRange(url: server.url(), why: why))
    }

    @Test func `a part that nobody asked for is refused`() async throws {
        let server = try HostileServer {
            $0.answer("206 Partial Content", ["Content-Range: bytes 0-74/75"], twoRows)
        }

        guard case .wrongRange = try await client.failure(source(server.url())) else {
            Issue.record("an unasked part was accepted")
            return
        }
    }

    @Test func `a packed part is refused`() async throws {
        let server = try HostileServer { $0.answer("200 OK", ["Content-Encoding: gzip"], twoRows) }

        let error = try await client.failure(source(server.url()) { $0.cursor = .byteOffset })

        #expect("\(error)".contains("it came packed with gzip"))
    }
}

/// A file that a server hands out, as a decent server would.
final class GrowingFile: Sendable {
    private let content: Mutex<[UInt8]>

    init(_ text: String) { content = Mutex(Array(text.utf8)) }

    func append(_ text: String) { content.withLock { $0 += Array(text.utf8) } }
    func replace(_ text: String) { content.withLock { $0 = Array(text.utf8) } }

    func served(withRanges: Bool = true) throws -> HostileServer {
        try HostileServer { exchange in
            let bytes = self.content.withLock { $0 }
            let ends = exchange.request.headers["range"]?.dropFirst("bytes=".count).split(separator: "-")
                .compactMap { Int($0) }
            guard withRanges, let ends, ends.count == 2 else { return exchange.answer("200 OK", [], bytes) }
            guard ends[0] < bytes.count else {
                return exchange.answer(
                    "416 Range Not Satisfiable", ["Content-Range: bytes */\(bytes.count)"], "sorry")
            }
            let last = min(ends[1], bytes.count - 1)
            exchange.answer(
                "206 Partial Content", ["Content-Range: bytes \(ends[0])-\(last)/\(bytes.count)"],
                Array(bytes[ends[0]...last]))
        }
    }
}
