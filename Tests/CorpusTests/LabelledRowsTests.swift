import Corpus
import FoundationEssentials
import Testing

@Suite struct LabelledRowsTests {
    /// Runs `body` with the path of a file that is gone afterwards.
    private func withFile<R>(_ name: String, _ content: String, _ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rows-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try Data(content.utf8).write(to: file)
        return try body(file.path)
    }

    @Test func `the name tells the format, and rows without a label are left out`() throws {
        let lines = "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\"}\n{\"text\":\n"
        try withFile("rows.jsonl", lines) { path in
            let rows = try LabelledRows(file: path)
            #expect(rows.examples.map(\.text) == ["a"])
            #expect(rows.rejected.map(\.line) == [3])
        }
        try withFile("rows.CSV", "label,text\nx,a\n") { path in
            let rows = try LabelledRows(file: path)
            #expect(rows.examples.map(\.label) == ["x"])
        }
    }

    @Test(arguments: [
        ("rows.jsonl", "", ""), ("rows.jsonl", "{\"text\":\"a\"}\n", ""),
        ("rows.jsonl", "{\"body\":\"a\"}\n", " (line 1: the text (column \"text\") is missing or empty)"),
        ("rows.csv", "body,label\na,x\n", " (line 1: the header has no column \"text\": it has body, label)"),
    ])
    func `a file without one labelled row says why`(name: String, content: String, why: String) throws {
        try withFile(name, content) { path in
            let error = #expect(throws: LabelledRowsError.self) { try LabelledRows(file: path) }
            #expect(
                error?.description
                    == "\(path) has no labelled row\(why): each row needs \"text\" and \"label\"")
        }
    }

    @Test func `a file that cannot be read says why`() throws {
        let user = ProcessInfo.processInfo.userName
        try withFile("rows.jsonl", "") { path in
            let folder = URL(filePath: path).deletingLastPathComponent().path
            let missing = #expect(throws: LabelledRowsError.self) { try LabelledRows(file: path + "x") }
            let closed = #expect(throws: LabelledRowsError.self) { try LabelledRows(file: folder) }
            #expect(
                missing
                    == .unreadable(
                        file: path + "x",
                        why: "it does not exist, or its folder is closed to user \(user)"))
            #expect(closed == .unreadable(file: folder, why: "it is a folder"))
        }
    }
}
