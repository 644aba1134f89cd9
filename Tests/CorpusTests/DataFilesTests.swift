import Corpus
import Foundation
import TestSupport
import Testing

/// Files of every form, read piece by piece and written again.
@Suite struct DataFilesTests {
    private struct Reference: Decodable {
        var letters: [String: String]
        var csv: Table

        struct Table: Decodable {
            var rows: [[String]]
            var text: String
        }
    }

    private func reference() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: fixture("files.json"))
    }

    private func read(
        _ text: String, _ format: DataFormat, _ task: TaskKind = .textClassification, piece: Int = .max
    ) -> [ReadRow] {
        var reader = DataReader(format, columns: ColumnMapping(for: task), task: task)
        var rows: [ReadRow] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: min(piece, max(1, bytes.count))) {
            reader.feed(Array(bytes[start..<min(bytes.count, start + min(piece, bytes.count))]).span) {
                rows.append($0)
            }
        }
        reader.finish { rows.append($0) }
        return rows
    }

    private func examples(_ rows: [ReadRow]) -> [Example] {
        rows.compactMap { if case .example(let example) = $0.content { example } else { nil } }
    }

    private static let files: [(DataFormat, TaskKind, String)] = [
        (
            .jsonLines, .textClassification,
            "{\"text\":\"a\",\"label\":\"x\",\"more\":1}\n{\"text\":\"b\"}\nnone\n"
        ),
        (.csv, .textClassification, "text,label,more\na,x,1\n\"b, \"\"c\"\"\nd\",y,2\n"),
        (.tsv, .textClassification, "text\tlabel\n\"a\tx\nb \"c\" d\ty\n"),
        (.conll, .tokenClassification, "In\tO\nRome\tB-LOC\n\nAda\tB-PER\n\n"),
        (.text, .textGeneration, "one\ntwo words\n"),
    ]

    @Test(arguments: files) func `pieces make no difference, and rows are as they stood`(
        _ format: DataFormat, _ task: TaskKind, _ text: String
    ) throws {
        let whole = read(text, format, task)
        for piece in [1, 3, 7] {
            let rows = read(text, format, task, piece: piece)
            #expect(examples(rows) == examples(whole))
            #expect(rows.map(\.source) == whole.map(\.source) && rows.map(\.line) == whole.map(\.line))
        }
        var reader = DataReader(format, columns: ColumnMapping(for: task), task: task)
        reader.feed(Array(text.utf8).span) { _ in }
        let copy = whole.map { String(decoding: $0.source, as: UTF8.self) + "\n" }.joined()
        let head = String(decoding: reader.header, as: UTF8.self)
        #expect((head.isEmpty ? "" : head + "\n") + copy == text)
    }

    @Test func `a tab parts, and a quote is a character`() {
        let rows = examples(read("label\ttext\nx\t\"a\ny\tb \"c\"\r\n", .tsv))
        #expect(
            rows == [
                Example(text: "\"a", target: .label("x")), Example(text: "b \"c\"", target: .label("y")),
            ])
        let wrong = read("text\tlabel\na\tx\ty\n", .tsv)
        guard case .rejected(let row) = wrong[0].content else { return #expect(Bool(false)) }
        #expect(row.line == 2 && row.reason == "the row has 3 fields, the header 2")
    }

    @Test func `a name or a beginning says how a file is written`() {
        func named(_ name: String, _ task: TaskKind = .textClassification) -> DataFormat? {
            DataFormat(ofFile: name, for: task)
        }
        #expect(named("A.JSONL") == .jsonLines && named("a.csv") == .csv && named("a.tsv") == .tsv)
        #expect(named("a.txt") == .text && named("a.txt", .tokenClassification) == .conll)
        #expect(named("a.json", .questionAnswering) == .squad && named("a.json") == nil)
        func begun(_ text: String, _ task: TaskKind = .textClassification) -> DataFormat? {
            DataFormat(beginning: Array(text.utf8), for: task)
        }
        #expect(begun(" {\"text\":1}") == .jsonLines && begun("text,label\n") == .csv)
        #expect(begun("text\tlabel, or none\n") == .tsv && begun("word\n") == nil)
        #expect(begun("{\"data\":[]}", .questionAnswering) == .squad)
        #expect(begun("Rome\tB-LOC\n", .tokenClassification) == .conll)
    }

    @Test func `what cannot be read is known by its bytes`() throws {
        func remedy(_ bytes: [UInt8]) -> String? { ForeignBytes(beginning: bytes)?.remedy("f") }
        #expect(remedy(Array("PAR1abc".utf8))?.contains("pandas.read_parquet('f')") == true)
        #expect(remedy([0x1F, 0x8B, 8])?.contains("gzip -dc f") == true)
        #expect(remedy(Array("PK\u{3}\u{4}".utf8))?.contains("zip archive") == true)
        #expect(remedy([0xFF, 0xFE, 0x61, 0])?.contains("iconv -f UTF-16") == true)
        #expect(remedy([0x61, 0, 0x62, 0, 0x63, 0])?.contains("UTF-16") == true)
        #expect(remedy(Array("{\"text\": \"é\"}".utf8)) == nil && remedy([0x61]) == nil && remedy([]) == nil)

        for (byte, letter) in try reference().letters {
            let value = try #require(UInt8(byte))
            // After letters of two and four bytes, and before more.
            let row = Array("é😀".utf8) + [value] + Array("xé".utf8)
            #expect(ForeignBytes(row: row) == .latin(byte: value, letter: Character(letter)))
        }
        #expect(ForeignBytes(row: Array("é😀".utf8)) == nil)
        #expect(ForeignBytes(row: [0x61, 0xE9]) == .latin(byte: 0xE9, letter: "é"))
    }

    @Test func `CSV is what Python writes`() throws {
        let table = try reference().csv
        let writer = DataWriter(.csv, columns: DataWriter.Columns())
        let examples = table.rows.map { Example(text: $0[0], target: .label($0[1])) }
        #expect(try writer.head + examples.map { try writer.row($0) }.joined() == table.text)
        #expect(self.examples(read(table.text, .csv)) == examples)
    }

    @Test func `every target comes back from JSON Lines`() throws {
        let rows: [(TaskKind, Example)] = [
            (.textClassification, Example(text: "a \"b\"\n", pair: nil, target: .label("x"))),
            (.textClassification, Example(text: "nothing is said")),
            (.multiLabelClassification, Example(text: "a", target: .labels(["x", "y"]))),
            (.multiLabelClassification, Example(text: "a", target: .labels([]))),
            (.scoring, Example(text: "a", target: .score(-0.25))),
            (.tokenClassification, Example(text: "in Rome", target: .tags(["O", "B-LOC"]))),
            (
                .tokenClassification,
                Example(text: "in Rome", target: .spans([.init(label: "LOC", start: 3, end: 7)]))
            ),
            (
                .questionAnswering,
                Example(text: "Where?", pair: "in Rome", target: .answers([.init(text: "Rome", start: 3)]))
            ),
            (.questionAnswering, Example(text: "When?", pair: "in Rome", target: .answers([]))),
        ]
        let writer = DataWriter(.jsonLines, columns: DataWriter.Columns())
        for (task, example) in rows {
            let found = read(try writer.row(example), .jsonLines, task)
            #expect(examples(found) == [example])
        }
    }

    @Test func `CoNLL and TSV come back, and say for what they have no place`() throws {
        let tagged = Example(text: "in Rome", target: .tags(["O", "B-LOC"]))
        let conll = DataWriter(.conll, columns: DataWriter.Columns())
        #expect(examples(read(try conll.row(tagged), .conll, .tokenClassification)) == [tagged])
        #expect(throws: UnwritableRow.self) { try conll.row(Example(text: "a", target: .label("x"))) }

        var columns = DataWriter.Columns()
        let scored = Example(text: "a", target: .score(0.5), id: "7")
        columns.widen(for: scored)
        let tsv = DataWriter(.tsv, columns: columns)
        #expect(try tsv.head + tsv.row(scored) == "text\tscore\tid\na\t0.5\t7\n")
        #expect(throws: UnwritableRow.self) { try tsv.row(Example(text: "a\tb", target: .score(1))) }
        #expect(throws: UnwritableRow.self) { try tsv.row(tagged) }
        let plain = DataWriter(.text, columns: DataWriter.Columns())
        #expect(throws: UnwritableRow.self) { try plain.row(Example(text: "two\nlines")) }
        #expect(throws: UnwritableRow.self) {
            try DataWriter(.squad, columns: DataWriter.Columns()).row(scored)
        }
    }
}
