import Corpus
import Tensors
import TestSupport
import Testing
import Tokenizers
import Transformers

/// Models of every task as they serve, out of folders that `transformers` wrote.
@Suite struct ServedTaskTests {
    private static let texts = ["the good film", "bad", "a very good , very bad film was the film ."]

    private func served(_ task: TaskKind) throws -> (ServedTask, Checkpoint) {
        let folder = fixturePath("heads/\(task.rawValue)")
        return (try ServedTask(folder: folder), try Checkpoint(folder))
    }

    /// Expects that the compiled form says what the training form says, in company as alone.
    private func check<Work: ModelTask, TaskHead: Head>(
        _ compiled: CompiledTask<Work, TaskHead>, _ checkpoint: Checkpoint,
        near: (Work.Answer, Work.Answer) -> Bool
    ) throws where Work.Model == EncoderModel<TaskHead> {
        let task = compiled.task
        // The tiny model has no room for a long question and its text.
        let texts = Self.texts.prefix(task.kind == .questionAnswering ? 2 : 3)
        let examples = texts.map {
            ServedTask.question(
                $0, pair: task.kind == .questionAnswering ? "the film was good" : nil, of: task.kind)
        }
        let found = try compiled.answers(to: examples)
        let model = try task.model(from: checkpoint, seed: 1)
        let wanted = task.answers(model, examples, try examples.map(task.rows), precision: .f32)
        #expect(found.count == wanted.count)
        for (found, wanted) in zip(found, wanted) { #expect(near(found, wanted.answer)) }
        for (example, answer) in zip(examples, found) {
            #expect(try compiled.answers(to: [example]) == [answer])
        }
        #expect(try compiled.answers(to: []).isEmpty)
    }

    private func near(_ a: [Float], _ b: [Float]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 }
    }

    @Test func `tags`() throws {
        let (served, checkpoint) = try served(.tokenClassification)
        guard case .tags(let model) = served else { throw WrongTask() }
        try check(model, checkpoint) { $0.tags == $1.tags && near($0.probabilities, $1.probabilities) }
    }

    @Test func `answers`() throws {
        let (served, checkpoint) = try served(.questionAnswering)
        guard case .answer(let model) = served else { throw WrongTask() }
        try check(model, checkpoint) { $0.range == $1.range && abs($0.probability - $1.probability) < 1e-4 }
        #expect(throws: TaskError.self) {
            try model.answers(to: [ServedTask.question("where", pair: nil, of: .questionAnswering)])
        }
    }

    @Test func `several labels`() throws {
        let (served, checkpoint) = try served(.multiLabelClassification)
        guard case .labels(let model) = served else { throw WrongTask() }
        try check(model, checkpoint) { near($0.probabilities, $1.probabilities) }
    }

    @Test func `scores`() throws {
        let (served, checkpoint) = try served(.scoring)
        guard case .score(let model) = served else { throw WrongTask() }
        try check(model, checkpoint) { abs($0 - $1) < 1e-4 }
    }

    @Test func `one class, by the classifier that the daemon has`() throws {
        guard case .label = try ServedTask(folder: TinyBert.folder) else { throw WrongTask() }
    }

    @Test func `a decoder does not answer about texts`() {
        #expect(throws: CheckpointError.self) { try ServedTask(folder: fixturePath("tiny-gpt2")) }
    }

    // MARK: What tasks take from rows

    @Test func `a tagger has all parts of its scheme`() {
        let bio = [
            Example(text: "a b", target: .tags(["O", "I-B"])), Example(text: "a", target: .tags(["B-A"])),
        ]
        #expect(TokenClassification.labels(of: bio).names == ["O", "B-A", "I-A", "B-B", "I-B"])
        let ends = [Example(text: "a", target: .tags(["S-A"]))]
        #expect(TokenClassification.labels(of: ends).names == ["O", "B-A", "I-A", "E-A", "S-A"])
        let spans = [Example(text: "a", target: .spans([Target.Span(label: "A", start: 0, end: 1)]))]
        #expect(TokenClassification.labels(of: spans).names == ["O", "B-A", "I-A"])
    }

    @Test func `scores reach from the lowest to the highest`() {
        func rows(_ scores: Double...) -> [Example] { scores.map { Example(text: "a", target: .score($0)) } }
        #expect(Scoring.range(of: rows(1, -2, 3)) == -2...3)
        #expect(Scoring.range(of: rows(1, 1)) == nil && Scoring.range(of: []) == nil)
    }

    @Test func `a span's probability is its beginning's times its end's, however large the scores are`()
        throws
    {
        let checkpoint = try Checkpoint(TinyBert.folder)
        let task = QuestionAnswering(tokenizer: checkpoint.tokenizer, maximumLength: 32)
        let example = Example(text: "good", pair: "film was", target: .answers([]))
        let row = try task.rows(of: example)[0]
        let context = try #require(row.encoding.second)
        for shift: Float in [0, 900] {
            var logits = Matrix(rows: row.encoding.ids.count, columns: 2)
            for token in 0..<logits.rows { for column in 0...1 { logits[token, column] = shift } }
            // The question's own tokens have no part in it.
            logits[1, 0] = shift + 50
            logits[context.lowerBound, 0] = shift + 1
            let answer = task.answer(example, [row], logits: [logits])
            let e = 2.718281828
            let expected = e / (e + Double(context.count)) / Double(context.count + 1)
            #expect(abs(Double(answer.probability) - expected) < 1e-5, "\(answer)")
        }
    }
}

private struct WrongTask: Error {}
