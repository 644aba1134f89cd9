import Foundation
import Testing
import Training

@Suite struct TextFileTests {
    private static func passages(
        _ text: String, name: String = "text.txt", blockBytes: Int, lineBytes: Int = 1 << 20
    ) throws
        -> [Passage]
    {
        let folder = try ScratchFolder()
        let file = try TextFile(
            PretrainingText.file(folder, text, name: name), blockBytes: blockBytes, lineBytes: lineBytes)
        return try (0..<file.blockCount).flatMap { try file.passages(ofBlock: $0) }
    }

    @Test(arguments: [64, 100, 101, 1_000, 1 << 20])
    func `blocks hold every line once, wherever they are cut`(_ blockBytes: Int) throws {
        let text = PretrainingText.documents(40)
        let found = try Self.passages(text, blockBytes: blockBytes)
        let words = found.flatMap { $0.text.split(whereSeparator: \.isWhitespace) }
        #expect(words == text.split(whereSeparator: \.isWhitespace))
    }

    @Test func `empty lines set documents apart, and line ends within one are kept`() throws {
        let found = try Self.passages("\n a\nb \r\n\r\n \nc\n\n\n", blockBytes: 1 << 20)
        #expect(found == [Passage(text: " a\nb", continues: false), Passage(text: "c", continues: false)])
    }

    @Test func `a long document is cut where lines end, and its pieces continue it`() throws {
        let line = String(repeating: "word ", count: 99) + "end\n"
        let found = try Self.passages(String(repeating: line, count: 40), blockBytes: 1 << 20)
        #expect(found.count == 5)
        #expect(found.map(\.continues) == [false, true, true, true, true])
        #expect(found.dropLast().allSatisfy { $0.text.hasSuffix("end\n") })
    }

    @Test func `a line without an end is cut between words, and words between letters`() throws {
        let words = String(repeating: "word ", count: 20_000)
        let pieces = try Self.passages(words, blockBytes: 5_000, lineBytes: 5_000)
        #expect(pieces.flatMap { $0.text.split(separator: " ") } == words.split(separator: " "))
        #expect(pieces.allSatisfy { $0.text.utf8.count < 10_000 && $0.text.first != "o" })
        let letters = String(repeating: "é", count: 30_000)
        let cut = try Self.passages(letters, blockBytes: 5_000, lineBytes: 5_000)
        #expect(cut.map(\.text).joined() == letters)
    }

    @Test(arguments: [3, 20, 1 << 20])
    func `each row of JSON Lines is a document`(_ blockBytes: Int) throws {
        let rows = "{\"text\":\"one\\n\\ntwo\",\"id\":1}\n\n{\"text\":\"  \"}\n{\"text\":\"three\"}"
        let found = try Self.passages(rows, name: "rows.jsonl", blockBytes: max(blockBytes, 40))
        #expect(found.map(\.text) == ["one\n\ntwo", "three"])
    }

    @Test func `what cannot be read is told apart`() throws {
        let folder = try ScratchFolder()
        func error(_ name: String, _ bytes: [UInt8]?) throws -> String {
            let path = folder.path + "/" + name
            if let bytes { try Data(bytes).write(to: URL(filePath: path)) }
            let error = #expect(throws: PretrainingError.self) {
                try TextFile(path).passages(ofBlock: 0)
            }
            return error?.description ?? ""
        }
        #expect(try error("missing.txt", nil).contains("does not exist"))
        #expect(try error(".", nil).contains("name the files in it"))
        #expect(try error("empty.txt", []).contains("is empty"))
        #expect(try error("text.gz", [0x1F, 0x8B, 8, 0]).contains("zcat"))
        #expect(try error("binary", [1, 2, 0, 3]).contains("no text in UTF-8"))
        let latin = [UInt8](repeating: 0xE9, count: 500)
        #expect(try error("latin.txt", latin).contains("iconv -f latin1"))
        #expect(try error("rows.jsonl", Array("{\"text\":\"a\"}\n{\"name\":1}\n".utf8)).contains("byte 13"))
    }

    @Test func `what is held out is decided by what it says`() throws {
        let text = PretrainingText.documents(2_000)
        let folder = try ScratchFolder()
        let file = try PretrainingText.file(folder, text)
        let plan = try TextFile(file)
        let again = try TextFile(file, blockBytes: 10_000)
        func heldOut(_ file: TextFile) throws -> Set<String> {
            let text = try RawText([file], heldOutShare: 0.1, seed: 1)
            return Set(try text.passages(heldOut: true).map(\.text))
        }
        let (one, other) = try (heldOut(plan), heldOut(again))
        #expect((140...260).contains(one.count))
        // Only documents that a block's end cuts in two differ.
        #expect(one.symmetricDifference(other).count < 20)
    }
}

extension RawText {
    /// The passages of all blocks on one side, in the order of the files.
    func passages(heldOut: Bool) throws -> [Passage] {
        try (0..<blockCount).flatMap { try passages(ofBlock: $0, heldOut: heldOut) }
    }
}
