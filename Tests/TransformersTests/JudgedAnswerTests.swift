import Corpus
import Tensors
import TestSupport
import Testing
import Transformers

/// How right answers are, whatever the task: what watching and gating go by.
@Suite struct JudgedAnswerTests {
    private func served(_ task: TaskKind) throws -> ServedTask {
        try ServedTask(folder: fixturePath("heads/\(task.rawValue)"))
    }

    /// Rows as the training form judges them.
    private func check<Work: ModelTask, TaskHead: Head>(
        _ compiled: CompiledTask<Work, TaskHead>, _ served: ServedTask, _ examples: [Example]
    ) throws where Work.Model == EncoderModel<TaskHead> {
        let (task, checkpoint) = (
            compiled.task, try Checkpoint(fixturePath("heads/\(compiled.task.kind.rawValue)"))
        )
        let model = try task.model(from: checkpoint, seed: 1)
        let wanted = task.answers(model, examples, try examples.map(task.rows), precision: .f32)
        let judged = try served.judged(examples)
        for (index, (judged, wanted)) in zip(judged, wanted).enumerated() {
            #expect(abs(judged.lossInNats - wanted.lossInNats) < 1e-4)
            #expect(
                abs(judged.boundedLoss - task.boundedLoss(wanted.answer, examples[index])) < 1e-4)
            #expect(try served.judged([examples[index]]) == [judged])
        }
        #expect(
            abs(
                served.headline(judged.map(\.answer), examples)
                    - task.headline(wanted.map(\.answer), examples)) < 1e-4)
    }

    @Test func `what serves judges rows as training does`() throws {
        let tags = try served(.tokenClassification)
        guard case .tags(let tagger) = tags else { throw WrongTask() }
        try check(
            tagger, tags,
            [
                Example(text: "the good film", target: .tags(["O", "B-PER", "I-PER"])),
                Example(text: "a bad film", target: .spans([])),
            ])
        let answers = try served(.questionAnswering)
        guard case .answer(let answerer) = answers else { throw WrongTask() }
        try check(
            answerer, answers,
            [
                Example(
                    text: "good", pair: "the film was good",
                    target: .answers([Target.Answer(text: "good", start: 13)])),
                Example(text: "bad", pair: "the film was good", target: .answers([])),
            ])
        let labels = try served(.multiLabelClassification)
        guard case .labels(let labeller) = labels else { throw WrongTask() }
        try check(
            labeller, labels,
            [Example(text: "good", target: .labels(["good"])), Example(text: "bad", target: .labels([]))])
        let score = try served(.scoring)
        guard case .score(let scorer) = score else { throw WrongTask() }
        try check(scorer, score, [Example(text: "good", target: .score(0.5))])
    }

    @Test func `a class is right or wrong, and one that the model does not know certainly wrong`() throws {
        let served = try ServedTask(folder: TinyBert.folder)
        let names = served.labels.names
        let judged = try served.judged(
            names.map { Example(text: "a good film", target: .label($0)) }
                + [Example(text: "a good film", target: .label("ugly"))])
        #expect(judged.map(\.boundedLoss).sorted() == [0] + [Double](repeating: 1, count: names.count))
        #expect(abs(judged[names.count].lossInNats - 27.631021) < 1e-5)
        #expect(served.objection(to: Example(text: "a", target: .label(names[0]))) == nil)
        #expect(
            served.objection(to: Example(text: "a", target: .label("ugly")))
                == "the label \"ugly\" is not among the model's: \(names.joined(separator: ", "))")
        #expect(throws: TaskError.self) { try served.judged([Example(text: "a", target: .score(1))]) }
    }

    @Test func `a name that the tagger cannot give costs a row, and no other`() throws {
        let served = try served(.tokenClassification)
        let strange = Example(text: "the good film", target: .tags(["O", "B-LOC", "O"]))
        let judged = try served.judged([strange, Example(text: "a film", target: .spans([]))])
        #expect(judged[0].boundedLoss == 1 && judged[0].lossInNats > 27)
        #expect(judged[1].lossInNats < 27)
        #expect(served.objection(to: strange)?.contains("\"B-LOC\"") == true)
    }

    @Test func `the best answer that is always the same`() throws {
        func score(_ task: TaskKind, _ examples: [Example]) throws -> Double {
            try served(task).constantScore(over: examples)
        }
        let texts = (0..<4).map { "text \($0)" }
        func rows(_ targets: [Target], pair: String? = nil) -> [Example] {
            zip(texts, targets).map { Example(text: $0, pair: pair, target: $1) }
        }
        let name = Target.spans([Target.Span(label: "PER", start: 0, end: 4)])
        #expect(try score(.tokenClassification, rows([name, .spans([]), .spans([]), name])) == 0.5)
        let answer = Target.answers([Target.Answer(text: "in", start: 0)])
        #expect(
            try score(.questionAnswering, rows([answer, .answers([]), answer, answer], pair: "in")) == 0.25)
        let sets: [Target] = [.labels(["fast"]), .labels(["fast"]), .labels([]), .labels(["fast", "good"])]
        #expect(
            abs(try score(.multiLabelClassification, rows(sets)) - (1 + 1 + 0 + 2.0 / 3) / 4) < 1e-12)
        let task = Scoring(
            range: 0...10, TextReading(try Checkpoint(TinyBert.folder).tokenizer, maximumLength: 8))
        let scores = rows([.score(0), .score(5), .score(6), .score(10)])
        // From the median, 6: errors of 6, 1, 0 and 4 in a range of 10.
        #expect(abs(task.constantScore(over: scores) - (1 - 1.1 / 4)) < 1e-12)
        let classes = rows([.label("a"), .label("b"), .label("a"), .label("a")])
        #expect(try ServedTask(folder: TinyBert.folder).constantScore(over: classes) == 0.75)
    }
}

private struct WrongTask: Error {}
