import Corpus
import FoundationEssentials
import Testing

@Suite struct JSONLinesTests {
    private func withPath<R>(_ body: (String) throws -> R) throws -> R {
        let path = FileManager.default.temporaryDirectory.appending(path: "rows-\(UUID().uuidString).jsonl")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    @Test func `what is written is read back`() throws {
        let examples = [
            Example(text: "plain"), Example(text: " spaced \u{2028}\n\"quoted\" \\ / \u{1}\u{7F}", pair: ""),
            Example(
                text: "e\u{301} \u{1F468}\u{200D}\u{1F469} \u{FFFF}", pair: "two", target: .label("a,b"),
                observedAt: Date(timeIntervalSince1970: 1_767_323_045), id: "x-1",
                metadata: ["language": "fr", "": "\"\n", "a.b": ""]),
        ]
        try withPath { path in
            try writeJSONLines(examples, to: path)
            let read = try readJSONLines(from: path)
            #expect(read == examples)
            // Swift's `==` takes canonical equivalents as equal; the bytes must be.
            #expect(read.map { Array($0.text.utf8) } == examples.map { Array($0.text.utf8) })
        }
    }

    @Test(arguments: [
        Example(text: "in Rome", target: .tags(["O", "B-LOC"])),
        Example(text: "in Rome", target: .spans([Target.Span(label: "LOC", start: 3, end: 7)])),
        Example(text: "in Rome", target: .spans([])),
        Example(text: "a", pair: "b", target: .labels(["x", "y"])),
        Example(text: "a", target: .labels([])), Example(text: "a", target: .score(-0.1)),
        Example(
            text: "Where?", pair: "in Rome", target: .answers([Target.Answer(text: "Rome", start: 3)]),
            id: "q"),
        Example(text: "Where?", pair: "in Rome", target: .answers([])),
    ]) func `what is true for any task is written and read back`(_ example: Example) throws {
        try withPath { path in
            try writeJSONLines([example], to: path)
            #expect(try readJSONLines(from: path, for: #require(example.target).task) == [example])
        }
    }

    @Test func `the largest row that a reader accepts is read back`() throws {
        // A control character is one byte in CSV and six in JSON.
        let text = String(repeating: "\u{1}", count: 100_000)
        try withPath { path in
            try writeJSONLines([Example(text: text, pair: text)], to: path)
            #expect(try readJSONLines(from: path).first?.pair == text)
        }
    }

    @Test(arguments: [1_767_323_045.25, 1_767_323_045.999, 1_767_323_045.001, -0.125, 0])
    func `a moment keeps its milliseconds`(seconds: Double) throws {
        let moment = Date(timeIntervalSince1970: seconds)
        try withPath { path in
            try writeJSONLines([Example(text: "a", observedAt: moment)], to: path)
            let first = try Data(contentsOf: URL(filePath: path))
            let read = try readJSONLines(from: path)
            let found = try #require(read.first?.observedAt)
            #expect(abs(found.timeIntervalSince(moment)) < 1e-6)
            // However often a run is repeated, its files stay the same.
            try writeJSONLines(read, to: path)
            #expect(try Data(contentsOf: URL(filePath: path)) == first)
        }
    }

    @Test func `no rows make an empty file`() throws {
        try withPath { path in
            try writeJSONLines([], to: path)
            #expect(try readJSONLines(from: path).isEmpty)
        }
    }

    @Test func `the first row that cannot be used is named`() throws {
        try withPath { path in
            try Data("{\"text\":\"a\"}\n{\"text\":\"\"}\n".utf8).write(to: URL(filePath: path))
            #expect {
                try readJSONLines(from: path)
            } throws: {
                "\($0)" == "\(path):2: the text (column \"text\") is missing or empty"
            }
        }
    }
}
