import Corpus
import Tensors
import Testing
import Tokenizers
import Transformers

/// What each task makes of examples and of logits; what is learned is in `TrainingTests`.
@Suite struct TaskTests {
    private let tokenizer: any Tokenizer

    init() throws { tokenizer = try loadTokenizer(folder: TinyBert.folder) }

    // MARK: Tags

    private func tagging(_ length: Int = 32) -> TokenClassification {
        TokenClassification(
            labels: LabelSet(names: ["O", "B-X", "I-X"]), tokenizer: tokenizer, maximumLength: length)
    }

    /// Logits that say the truth of a row.
    private func sure(_ labels: [Int], _ count: Int) -> Matrix {
        Matrix(
            rows: labels.count, columns: count,
            values: labels.flatMap { label in (0..<count).map { $0 == label ? 9 : 0 } })
    }

    @Test func `the first piece of each word is asked`() throws {
        // "films" is two pieces, "film" and "##s"; the comma is a token of the word "good,".
        let example = Example(text: "the films was good, very", target: .tags(["O", "B-X", "O", "I-X", "O"]))
        let row = try #require(try tagging().rows(of: example).first)
        #expect(row.encoding.ids == [2, 10, 8, 11, 9, 6, 14, 13, 3])
        let logits = sure([-1, 0, 1, 0, 0, 2, 0, 0, -1], 3)
        let (loss, gradient) = tagging().loss(logits, TokenBatch([row.encoding]), [row.truth], smoothing: 0)
        #expect(loss < 0.01)
        for silent in [0, 3, 6, 8] { #expect(gradient[row: silent] == [0, 0, 0]) }
        // I- after O is no legal sequence.
        let answer = tagging().answer(example, [row], logits: [logits])
        #expect(answer.tags.count == 5 && answer.tags != ["O", "B-X", "O", "I-X", "O"])
    }

    @Test func `a text longer than the model is tagged to its end`() throws {
        let words = (0..<40).map { ["a", "good", "films", "was"][$0 % 4] }
        let tags = (0..<40).map { ["O", "B-X", "I-X", "O"][$0 % 4] }
        let example = Example(text: words.joined(separator: " "), target: .tags(tags))
        let task = tagging(12)
        let rows = try task.rows(of: example)
        #expect(rows.count > 3)
        let logits = rows.map { row in
            sure(
                row.encoding.ids.map { id in
                    switch id {
                    case 6: 1
                    case 8: 2
                    default: 0
                    }
                }, 3)
        }
        let answer = task.answer(example, rows, logits: logits)
        #expect(answer.tags == tags)
        #expect(task.boundedLoss(answer, example) == 0)
        #expect(task.headline([answer], [example]) == 1)
        let spans = answer.spans(in: example.text)
        #expect(spans.count == 10 && spans[0] == Target.Span(label: "X", start: 2, end: 12))
    }

    @Test func `spans and tags say the same`() throws {
        let byTags = Example(text: "the good film", target: .tags(["O", "B-X", "I-X"]))
        let bySpans = Example(
            text: "the good film", target: .spans([Target.Span(label: "X", start: 4, end: 13)]))
        let (a, b) = (try tagging().rows(of: byTags)[0], try tagging().rows(of: bySpans)[0])
        let logits = sure([0, 0, 1, 2, 0], 3)
        #expect(a.encoding == b.encoding)
        for row in [a, b] {
            let loss = tagging().loss(logits, TokenBatch([row.encoding]), [row.truth], smoothing: 0).loss
            #expect(loss < 0.01)
        }
    }

    // MARK: Answers

    @Test func `an answer is found in the window that has all of it`() throws {
        let context = "the film was bad . the film was very good ."
        let start = 32
        let example = Example(
            text: "was the film good", pair: context,
            target: .answers([Target.Answer(text: "very good", start: start)]))
        var task = QuestionAnswering(tokenizer: tokenizer, maximumLength: 14)
        task.stride = 2
        let rows = try task.rows(of: example)
        #expect(rows.count > 1)
        var logits: [Matrix] = []
        for row in rows {
            var scores = Matrix(rows: row.encoding.ids.count, columns: 2)
            scores[0, 0] = 1
            scores[0, 1] = 1
            if row.truth != 0...0 {
                scores[row.truth.lowerBound, 0] = 5
                scores[row.truth.upperBound, 1] = 5
            }
            logits.append(scores)
        }
        #expect(rows.contains { $0.truth != 0...0 })
        let answer = task.answer(example, rows, logits: logits)
        #expect(answer.text == "very good" && answer.range == start..<start + 9 && answer.margin > 0)
        #expect(task.boundedLoss(answer, example) == 0)

        task.threshold = 100
        let none = task.answer(example, rows, logits: logits)
        #expect(none.text == "" && task.boundedLoss(none, example) == 1)
    }

    @Test func `an answer lies in the text, forwards, and is not too long`() throws {
        let example = Example(text: "good", pair: "film was the bad", target: .answers([]))
        var task = QuestionAnswering(tokenizer: tokenizer, maximumLength: 32)
        task.maximumAnswer = 2
        let row = try task.rows(of: example)[0]
        var logits = Matrix(rows: row.encoding.ids.count, columns: 2)
        // The question itself, and an end before its beginning, score highest.
        for column in 0...1 { logits[1, column] = 50 }
        let context = try #require(row.encoding.second)
        logits[context.upperBound - 1, 0] = 9
        logits[context.lowerBound, 1] = 9
        logits[context.lowerBound, 0] = 3
        let answer = task.answer(example, [row], logits: [logits])
        #expect(answer.text == "film")
        #expect(row.truth == 0...0)
        #expect(task.boundedLoss(answer, example) == 1)
    }

    // MARK: Text

    @Test func `a prompt is read and its continuation is learned`() throws {
        let task = CausalLanguageModeling(tokenizer: PlainWords(), maximumLength: 32, endTokenID: 0)
        let rows = try task.rows(of: Example(text: "5 6 7", target: .continuation("8 9")))
        #expect(rows.map(\.encoding.ids) == [[5, 6, 7, 8, 9, 0]])
        #expect(rows.map(\.truth) == [[-1, -1, 8, 9, 0, -1]])
        #expect(try task.rows(of: Example(text: "5 6 7")).map(\.truth) == [[6, 7, -1]])
        #expect(try task.rows(of: Example(text: "5")).isEmpty)
    }

    @Test func `each token of a long text is asked once`() throws {
        let task = CausalLanguageModeling(tokenizer: PlainWords(), maximumLength: 8, endTokenID: nil)
        let text = (1...30).map(String.init).joined(separator: " ")
        let rows = try task.rows(of: Example(text: text))
        #expect(rows.allSatisfy { $0.encoding.ids.count <= 8 })
        #expect(rows.flatMap(\.truth).filter { $0 >= 0 } == Array(2...30))
    }

    @Test func `perplexity of even odds is their number`() throws {
        let task = CausalLanguageModeling(tokenizer: PlainWords(), maximumLength: 8, endTokenID: nil)
        let example = Example(text: "1 2 3")
        let rows = try task.rows(of: example)
        let answer = task.answer(example, rows, logits: [Matrix(rows: 3, columns: 10)])
        #expect(abs(answer.perplexity - 10) < 1e-5)
        #expect(abs(task.boundedLoss(answer, example) - 0.9) < 1e-6)
        #expect(abs(task.headline([answer, answer], [example, example]) - 10) < 1e-5)
    }

    // MARK: Labels and scores

    @Test func `each label is decided for itself`() throws {
        let task = MultiLabelClassification(
            labels: LabelSet(names: ["a", "b", "c"]), TextReading(tokenizer, maximumLength: 32))
        let example = Example(text: "film", target: .labels(["a", "c"]))
        let rows = try task.rows(of: example)
        let answer = task.answer(
            example, rows, logits: [Matrix(rows: 1, columns: 3, values: [2, 1, -1])])
        #expect(answer.labels == ["a", "b"])
        #expect(abs(task.boundedLoss(answer, example) - 0.5) < 1e-12)
        let none = Example(text: "film", target: .labels([]))
        let nothing = task.answer(none, rows, logits: [Matrix(rows: 1, columns: 3, values: [-1, -1, -1])])
        #expect(task.boundedLoss(nothing, none) == 0)
    }

    @Test func `a score is off by a share of its range`() throws {
        let task = Scoring(range: -4...4, TextReading(tokenizer, maximumLength: 32))
        let example = Example(text: "film", target: .score(1))
        let rows = try task.rows(of: example)
        let answer = task.answer(example, rows, logits: [Matrix(rows: 1, columns: 1, values: [3])])
        #expect(task.boundedLoss(answer, example) == 0.25)
        #expect(task.headline([answer], [example]) == 2)
        #expect(task.answer(example, rows, logits: [Matrix(rows: 1, columns: 1, values: [99])]) == 4)
    }

    // MARK: Refusals

    @Test func `rows of another task are refused with what is needed`() throws {
        let row = Example(text: "film", target: .score(1))
        #expect(throws: TaskError.self) { try tagging().rows(of: row) }
        #expect(throws: TaskError.tagCount(tags: 1, words: 2)) {
            try tagging().rows(of: Example(text: "good film", target: .tags(["O"])))
        }
        #expect(throws: TaskError.unknownLabel("B-Y", known: ["O", "B-X", "I-X"])) {
            try tagging().rows(of: Example(text: "film", target: .tags(["B-Y"])))
        }
        let answering = QuestionAnswering(tokenizer: tokenizer, maximumLength: 32)
        #expect(throws: TaskError.answerNotInText("bad")) {
            try answering.rows(
                of: Example(
                    text: "good", pair: "the film", target: .answers([Target.Answer(text: "bad", start: 0)])))
        }
        let error = #expect(throws: TaskError.self) { try answering.rows(of: row) }
        #expect(error?.description.contains("question-answering needs a question") == true)
    }
}

/// A tokenizer whose words are their ids.
private struct PlainWords: Tokenizer {
    let vocabulary: Vocabulary
    let specialIDs: Set<Int32> = []
    private let other: any Tokenizer

    init() {
        other = try! loadTokenizer(folder: TinyBert.folder)
        vocabulary = other.vocabulary
    }

    func encode(_ text: String, pair: String?, maximumLength: Int) -> Encoding {
        var encoding = Encoding()
        encoding.ids = text.split(separator: " ").compactMap { Int32($0) }
        return encoding
    }

    func windows(
        _ text: String, pair: String?, truncation: Truncation
    ) throws(TruncationError) -> [Encoding] {
        [encode(text, pair: pair, maximumLength: truncation.maximumLength)]
    }

    func textStream(skipsSpecial: Bool) -> TextStream { other.textStream(skipsSpecial: skipsSpecial) }
}
