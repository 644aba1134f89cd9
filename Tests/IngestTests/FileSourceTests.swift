import Corpus
import Foundation
import Glibc
import Ingest
import Testing

@Suite struct FileSourceTests {
    let folder: TemporaryFolder
    let client = ImpatientFetcher()

    init() throws { folder = try TemporaryFolder() }

    private func url(_ path: String) -> String { URL(filePath: path).absoluteString }

    @Test func `a file is read once, until it changes`() async throws {
        let path = try folder.write("grüße und rows.jsonl", twoRows)
        let source = source(url(path))

        let first = try await client.fetch(source)
        let second = try await client.fetch(source, from: first.next)
        try folder.write("grüße und rows.jsonl", twoRows + "{\"text\": \"new\", \"label\": \"x\"}")
        let third = try await client.fetch(source, from: second.next)

        #expect(first.examples.count == 2)
        #expect(first.statusCode == 200)
        #expect(second.notModified)
        #expect(second.next == first.next)
        #expect(third.examples.count == 3)
    }

    @Test func `a growing file is read where it grew`() async throws {
        let path = try folder.write("rows.jsonl", twoRows + "{\"text\": \"ha")
        let source = source(url(path)) { $0.cursor = .byteOffset }

        let first = try await client.fetch(source)
        let still = try await client.fetch(source, from: first.next)
        try folder.write("rows.jsonl", twoRows + "{\"text\": \"half\", \"label\": \"x\"}\n")
        let whole = try await client.fetch(source, from: still.next)
        let end = try await client.fetch(source, from: whole.next)
        try folder.write("rows.jsonl", twoRows)
        let shrunk = try await client.fetch(source, from: end.next)

        #expect(first.examples.count == 2)
        #expect(still.notModified)
        #expect(whole.examples.map(\.text) == ["half"])
        #expect(end.notModified)
        #expect(shrunk.hasMore)
        #expect(shrunk.next == SourceState(cursor: "0"))
    }

    @Test func `a large file is read window by window`() async throws {
        let lines = (0..<50).map { "{\"text\": \"row \($0)\", \"label\": \"positive\"}\n" }
        let path = try folder.write("rows.jsonl", lines.joined())
        let source = source(url(path)) {
            $0.cursor = .byteOffset
            $0.limits.maximumBytes = 300
            $0.limits.maximumWireBytes = 1
        }

        var state = SourceState()
        var texts: [String] = []
        var hasMore = true
        while hasMore, texts.count < 100 {
            let page = try await client.fetch(source, from: state)
            (state, hasMore) = (page.next, page.hasMore)
            texts += page.examples.map(\.text)
        }

        #expect(texts == (0..<50).map { "row \($0)" })
    }

    @Test func `an empty file has no rows`() async throws {
        let path = try folder.write("rows.jsonl", "")

        #expect(try await client.fetch(source(url(path))).examples.isEmpty)
        #expect(try await client.fetch(source(url(path)) { $0.cursor = .byteOffset }).examples.isEmpty)
    }

    @Test func `a file over the limit is refused`() async throws {
        let path = try folder.write("rows.jsonl", twoRows)

        let error = try await client.failure(source(url(path)) { $0.limits.maximumBytes = 10 })

        #expect(error == .tooLarge(url: path, part: .body, limit: 10))
    }

    @Test func `what is no regular file is refused at once`() async throws {
        let pipe = folder.path + "/pipe"
        #expect(unsafe mkfifo(pipe, 0o600) == 0)

        for path in [pipe, "/dev/zero", folder.path] {
            #expect(
                try await client.failure(source(url(path)))
                    == .fileUnreadable(
                        path: URL(string: url(path))?.path(percentEncoded: false) ?? "",
                        why: "it is not a regular file"))
        }
    }

    @Test func `a missing file is told`() async throws {
        let path = folder.path + "/missing"

        let error = try await client.failure(source(url(path)) { $0.retries = 3 })

        #expect(
            error
                == .fileUnreadable(path: path, why: "it does not exist, or its folder is closed to this user")
        )
    }

    @Test func `a file of another machine is refused`() async throws {
        guard case .invalidURL = try await client.failure(source("file://other.example/rows.jsonl")) else {
            Issue.record("another machine's file was read")
            return
        }
    }
}
