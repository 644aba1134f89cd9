import Corpus
import Foundation
import Ingest
import Testing

/// CSV headers that name other columns than the source does.
@Suite struct HeaderTests {
    let client = ImpatientFetcher()

    private func csv(_ url: String, _ change: (inout Source) -> Void = { _ in }) -> Source {
        source(url) {
            $0.format = .csv
            $0.columns = ColumnMapping()
            change(&$0)
        }
    }

    @Test(arguments: [CursorKind.none, .byteOffset, .page(parameter: "after"), .since(parameter: "since")])
    func `a header without the text is one error that names the remedy`(cursor: CursorKind) async throws {
        let rows = "label,review,\"a,b\"\n" + String(repeating: "x,good,1\n", count: 20_000)
        let server = try HostileServer { $0.answer("200 OK", ["X-Next-Cursor: 2"], rows) }

        let error = try await client.failure(csv(server.url()) { $0.cursor = cursor })

        #expect(
            error
                == .missingColumn(url: server.url(), column: "text", found: ["review", "a,b", "label"]))
        #expect(
            "\(error)".hasSuffix(
                "it has \"review\", \"a,b\", \"label\"; name the one that holds the text in the source, "
                    + "as in `columns: {text: \"review\"}`"))
        #expect(server.requests.count == 1)
    }

    @Test(arguments: ["review,label", "review,label\n"])
    func `a header alone is told, too`(content: String) async throws {
        let server = try HostileServer { $0.answer("200 OK", [], content) }

        let error = try await client.failure(csv(server.url()))

        #expect(error == .missingColumn(url: server.url(), column: "text", found: ["review", "label"]))
    }

    @Test func `a header that cannot be read is told`() async throws {
        let server = try HostileServer { $0.answer("200 OK", [], "te\"xt,label\na,x\n") }

        #expect(
            try await client.failure(csv(server.url()))
                == .notRows(
                    url: server.url(),
                    found: "its header cannot be read: field 1 has a quote in the wrong place"))
    }

    @Test func `a file is refused where it was left, and read on when the column is named`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("rows.csv", "review,label\na,x\n")
        let right = csv("file://\(path)") {
            $0.cursor = .byteOffset
            $0.columns.text = "review"
        }
        let wrong = csv("file://\(path)") { $0.cursor = .byteOffset }

        let first = try await client.fetch(right)
        try folder.write("rows.csv", "review,label\na,x\nb,x\n")
        let error = try await client.failure(wrong, from: first.next)
        let second = try await client.fetch(right, from: first.next)

        #expect(error == .missingColumn(url: wrong.url, column: "text", found: ["review", "label"]))
        #expect(second.examples.map(\.text) == ["b"])
    }
}
