import Corpus
import FoundationEssentials
import Testing

/// Rows of tags, answers, several labels and scores, as files tell them.
@Suite struct TaskRowsTests {
    private func rows(_ content: String, _ name: String, _ task: TaskKind) throws -> LabelledRows {
        try rows(Data(content.utf8), name, task)
    }

    private func rows(_ content: Data, _ name: String, _ task: TaskKind) throws -> LabelledRows {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tasks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try content.write(to: file)
        return try LabelledRows(file: file.path, for: task)
    }

    private func tags(_ content: String) throws -> [[String]] {
        try rows(content, "x.conll", .tokenClassification).examples.map {
            if case .tags(let tags) = $0.target { tags } else { [] }
        }
    }

    // MARK: CoNLL

    @Test func `sentences end with an empty line or the file`() throws {
        let found = try rows(
            "In\tO\nRome\tB-LOC\n\n\n \nAda\tB-PER\r\nLovelace\tI-PER", "x.conll", .tokenClassification)
        #expect(found.examples.map(\.text) == ["In Rome", "Ada Lovelace"])
        #expect(found.examples.map(\.target) == [.tags(["O", "B-LOC"]), .tags(["B-PER", "I-PER"])])
        #expect(found.rejected.isEmpty)
    }

    @Test func `columns between the word and its tag, comments and document marks are passed over`() throws {
        let found = try rows(
            "\u{FEFF}-DOCSTART- -X- O O\n\n# id = 7\nEU NNP I-NP B-ORG\nrejects VBZ I-VP O\n\n# O\nwins O\n",
            "x.bio", .tokenClassification)
        #expect(found.examples.map(\.text) == ["EU rejects", "# wins"])
    }

    @Test func `each entity has a beginning, in the older form too`() throws {
        #expect(try tags("a\tI-X\nb\tI-X\nc\tB-X\nd\tI-Y\n") == [["B-X", "I-X", "B-X", "B-Y"]])
        #expect(try tags("a\tB-X\nb\tI-X\nc\tE-X\nd\tS-Y\n") == [["B-X", "I-X", "E-X", "S-Y"]])
    }

    @Test func `white space around a word is none of it, and a word of nothing else is left out`() throws {
        let found = try rows("💔 \tO\n\tO\n \tO\nRome\tB-LOC\n", "x.conll", .tokenClassification)
        #expect(found.examples == [Example(text: "💔 Rome", target: .tags(["O", "B-LOC"]))])
    }

    @Test(arguments: [
        ("good\tO\n\nbad\nword\tO\n", 3, "the line has one column"),
        ("good\tO\n\na\tO\nb\tX-LOC\n", 4, "neither O nor B-, I-, E- or S-"),
        ("good\tO\n\na\tB-\n", 3, "write BIO or BIOES"),
        ("good\tO\n\nNew York\tB-LOC\n", 3, "give each part its own line"),
        ("good\tO\n\n\tB-LOC\n", 3, "the word of the tag B-LOC is empty"),
        ("good\tO\n\na\u{0}\tO\n", 3, "NUL"),
    ])
    func `a sentence that cannot be used costs itself alone, and says its line`(
        content: String, line: Int, reason: String
    ) throws {
        let found = try rows(content + "\nlast\tO\n", "x.conll", .tokenClassification)
        #expect(found.examples.map(\.text) == ["good", "last"])
        #expect(found.rejected.map(\.line) == [line])
        #expect(found.rejected[0].reason.contains(reason), "\(found.rejected[0].reason)")
    }

    @Test func `bytes that are no text, and lines without end, are refused`() throws {
        var bytes = Data("good\tO\n\n".utf8) + [0xFF, 0xFE] + Data("\tO\n\n".utf8)
        bytes += [UInt8](repeating: 0x61, count: 1 << 20 + 1)
        let found = try rows(bytes, "x.conll", .tokenClassification)
        #expect(found.rejected.map(\.line) == [3, 5])
        #expect(found.rejected[0].reason.contains("save the file as UTF-8"))
        #expect(found.rejected[1].reason.contains("longer than"))
    }

    // MARK: JSON Lines

    @Test func `tokens with tags and texts with spans are the same sentence`() throws {
        let found = try rows(
            """
            {"tokens": ["in", "New", "York"], "ner_tags": ["O", "B-LOC", "I-LOC"], "id": 1}
            {"text": "in New York", "tags": ["O", "B-LOC", "I-LOC"]}
            {"text": "in New York", "spans": [{"label": "LOC", "start": 3, "end": 11}]}
            {"text": "é 💔 York", "entities": [{"entity_group": "LOC", "start": 4, "end": 8}]}
            {"text": "nobody said"}
            """, "x.jsonl", .tokenClassification)
        #expect(found.rejected.isEmpty && found.examples.count == 4)
        #expect(found.examples[0].text == "in New York")
        #expect(Set(found.examples.prefix(2).map(\.target)) == [.tags(["O", "B-LOC", "I-LOC"])])
        #expect(found.examples[2].target == .spans([Target.Span(label: "LOC", start: 3, end: 11)]))
    }

    @Test(arguments: [
        ("{\"tokens\":[\"a\",\"b\"],\"tags\":[\"O\"]}", "1 tags for 2 tokens"),
        ("{\"tokens\":[\"a\"],\"tags\":[0]}", "write names, not numbers"),
        ("{\"tokens\":[\"a b\"],\"tags\":[\"O\"]}", "white space"),
        ("{\"text\":\"a b c\",\"tags\":[\"O\"]}", "1 tags for 3 words"),
        (
            "{\"text\":\"a\",\"spans\":[{\"label\":\"X\",\"start\":0,\"end\":2}]}",
            "from 0 to 2 in a text of 1"
        ),
        ("{\"text\":\"a\",\"spans\":[{\"label\":\"X\",\"start\":-1,\"end\":1}]}", "Unicode scalars"),
        ("{\"text\":\"a\",\"spans\":[{\"label\":\"X\",\"start\":9223372036854775807,\"end\":1}]}", "reaches"),
        ("{\"text\":\"a\",\"spans\":[{\"start\":0,\"end\":1}]}", "needs \"label\""),
        ("{\"text\":\"a\",\"spans\":[{\"label\":\"\",\"start\":0,\"end\":1}]}", "no label"),
        (
            "{\"text\":\"abc\",\"spans\":[{\"label\":\"X\",\"start\":0,\"end\":2},{\"label\":\"Y\",\"start\":1,\"end\":3}]}",
            "over each other"
        ),
    ])
    func `a row of spans that cannot be says why`(line: String, reason: String) throws {
        let good = "{\"tokens\":[\"a\"],\"tags\":[\"O\"]}\n"
        let found = try rows(good + line, "x.jsonl", .tokenClassification)
        #expect(found.examples.count == 1)
        #expect(found.rejected.map(\.line) == [2])
        #expect(found.rejected.first?.reason.contains(reason) == true, "\(found.rejected)")
    }

    @Test func `several labels, each once, or none`() throws {
        let found = try rows(
            """
            {"text": "a", "labels": ["y", " x ", "y"]}
            {"text": "b", "labels": []}
            {"text": "c", "labels": "x"}
            {"text": "d", "labels": [""]}
            {"text": "e"}
            """, "x.jsonl", .multiLabelClassification)
        #expect(found.examples.map(\.target) == [.labels(["y", "x"]), .labels([])])
        #expect(found.rejected.map(\.line) == [3, 4])
    }

    @Test func `scores are finite numbers, in a table too`() throws {
        let lines = try rows(
            """
            {"text": "a", "score": -1.5}
            {"text": "b", "score": "2"}
            {"text": "c", "score": "much"}
            {"text": "d", "score": [1]}
            {"text": "e", "score": 1e999}
            """, "x.jsonl", .scoring)
        #expect(lines.examples.map(\.target) == [.score(-1.5), .score(2)])
        #expect(lines.rejected.map(\.line) == [3, 4, 5])
        let table = try rows("score,text\n0.5,a\nnan,b\n,c\n", "x.csv", .scoring)
        #expect(table.examples.map(\.target) == [.score(0.5)])
        #expect(table.rejected.map(\.line) == [3])
    }

    // MARK: Questions

    private let squad = """
        {"version": "v2.0", "data": [{"title": "t", "paragraphs": [{"context": "é in Rome", "qas": [
        {"id": "a", "question": "Where?", "answers": [{"text": "Rome", "answer_start": 5}]},
        {"id": "b", "question": "When?", "is_impossible": true, "answers": []},
        {"id": "c", "question": "Why?", "answers": [{"text": "Rome", "answer_start": 6}]},
        {"id": "d", "question": " ", "answers": []},
        {"id": "e", "question": "Who?"}
        ]}]}]}
        """

    @Test func `questions with and without an answer`() throws {
        let found = try rows(squad, "x.json", .questionAnswering)
        #expect(found.examples.map(\.id) == ["a", "b"])
        #expect(found.examples.allSatisfy { $0.pair == "é in Rome" })
        #expect(found.examples[0].target == .answers([Target.Answer(text: "Rome", start: 5)]))
        #expect(found.examples[1].target == .answers([]))
        #expect(found.rejected.map(\.line) == [4, 5, 6])
        #expect(found.rejected[0].reason.contains("question \"c\": the answer \"Rome\" does not stand at 6"))
        #expect(found.rejected[0].reason.contains("but at 5: starts count Unicode scalars"))
    }

    @Test func `lines of questions, in either form of the answers`() throws {
        let found = try rows(
            """
            {"question": "Where?", "context": "in Rome", "answers": [{"text": "Rome", "start": 3}]}
            {"question": "Where?", "context": "in Rome", "answers": {"text": ["Rome"], "answer_start": [3]}}
            {"question": "When?", "context": "in Rome", "answers": {"text": [], "answer_start": []}}
            {"question": "When?", "answers": []}
            {"question": "When?", "context": "in Rome", "answers": {"text": ["Rome"], "answer_start": []}}
            {"question": "When?", "context": "in Rome", "answers": [{"text": "Rome", "start": -9223372036854775808}]}
            """, "x.jsonl", .questionAnswering)
        #expect(Set(found.examples.prefix(2)).count == 1 && found.examples.count == 3)
        #expect(found.rejected.map(\.line) == [4, 5, 6])
    }

    @Test(arguments: [
        ("", "x.json", TaskKind.questionAnswering, "the file is not JSON"),
        ("[]", "x.json", .questionAnswering, "no list \"data\""),
        ("{\"data\": 1}", "x.json", .questionAnswering, "SQuAD's form"),
        ("", "x.conll", .tokenClassification, "an empty line after each sentence"),
        ("{\"text\":\"a\"}", "x.jsonl", .multiLabelClassification, "a list \"labels\""),
        ("{\"text\":\"a\"}", "x.jsonl", .scoring, "a number \"score\""),
    ])
    func `a file without a row of the task says what is needed`(
        content: String, name: String, task: TaskKind, needed: String
    ) throws {
        let error = #expect(throws: LabelledRowsError.self) { try rows(content, name, task) }
        #expect(error?.description.contains(needed) == true, "\(String(describing: error))")
    }
}
