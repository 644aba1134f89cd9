import Corpus
import TestSupport
import Testing
import Training
import Transformers

/// What a model learns by the name of its task alone is found in its folder again.
@Suite struct LearnedTaskTests {
    private func learn(_ kind: TaskKind, _ rows: [Example]) throws -> (ServedTask, FineTuningResult) {
        let scratch = try ScratchFolder()
        var arguments = TinyTask.arguments
        arguments.epochs = 12
        arguments.learningRate = 1e-2
        arguments.dropout = 0
        arguments.maximumLength = 32
        let result = try fineTune(
            base: TinyTask.base, for: kind, training: rows, development: Array(rows.prefix(6)),
            arguments: arguments, output: scratch.path + "/model")
        return (try ServedTask(folder: scratch.path + "/model"), result)
    }

    @Test func `names of entities`() throws {
        let rows = (0..<24).map { index in
            let words = ["the", index % 2 == 0 ? "good" : "bad", "film"]
            return Example(
                text: words.joined(separator: " "), target: .tags(["O", "B-X", index % 2 == 0 ? "I-X" : "O"]))
        }
        let (served, result) = try learn(.tokenClassification, rows)
        guard case .tags(let model) = served else { return #expect(Bool(false), "\(served.kind)") }
        #expect(model.task.labels.names == ["O", "B-X", "I-X"])
        let answers = try model.answers(to: Array(rows.prefix(2)))
        #expect(answers.map(\.tags) == [["O", "B-X", "I-X"], ["O", "B-X", "O"]])
        #expect(result.developmentAccuracy == 1)
    }

    @Test func `a score and its range`() throws {
        let rows = (0..<24).map {
            Example(text: $0 % 2 == 0 ? "good film" : "bad film", target: .score($0 % 2 == 0 ? 2 : -1))
        }
        let (served, _) = try learn(.scoring, rows)
        guard case .score(let model) = served else { return #expect(Bool(false), "\(served.kind)") }
        #expect(model.task.range == -1...2)
        let answers = try model.answers(to: Array(rows.prefix(2)))
        #expect(abs(answers[0] - 2) < 0.5 && abs(answers[1] + 1) < 0.5)
    }

    @Test func `several labels, and answers`() throws {
        let labels = (0..<24).map { index in
            Example(
                text: index % 2 == 0 ? "good film" : "bad", target: .labels(index % 2 == 0 ? ["x", "y"] : []))
        }
        guard case .labels(let model) = try learn(.multiLabelClassification, labels).0 else {
            return #expect(Bool(false), "no labels")
        }
        #expect(try model.answers(to: Array(labels.prefix(2))).map(\.labels) == [["x", "y"], []])

        let questions = (0..<24).map { index in
            Example(
                text: "film", pair: "the \(index % 2 == 0 ? "good" : "bad") film",
                target: .answers([Target.Answer(text: index % 2 == 0 ? "good" : "bad", start: 4)]))
        }
        guard case .answer(let model) = try learn(.questionAnswering, questions).0 else {
            return #expect(Bool(false), "no answers")
        }
        #expect(try model.answers(to: Array(questions.prefix(2))).map(\.text) == ["good", "bad"])
    }

    @Test func `a folder that knows its task keeps its outputs, whatever rows it goes on with`() throws {
        func goOn(_ kind: TaskKind, from rows: [Example], with others: [Example]) throws -> ServedTask {
            let scratch = try ScratchFolder()
            var arguments = TinyTask.arguments
            arguments.epochs = 1
            try fineTune(
                base: TinyTask.base, for: kind, training: rows, development: [], arguments: arguments,
                output: scratch.path + "/first")
            try fineTune(
                base: scratch.path + "/first", for: kind, continues: true, training: others, development: [],
                arguments: arguments, output: scratch.path + "/second")
            return try ServedTask(folder: scratch.path + "/second")
        }
        func named(_ type: String) -> Example {
            Example(text: "good film", target: .tags(["B-" + type, "O"]))
        }
        let tags = try goOn(.tokenClassification, from: [named("X"), named("Y")], with: [named("Y")])
        #expect(tags.labels.names == ["O", "B-X", "I-X", "B-Y", "I-Y"])
        func scored(_ score: Double) -> Example { Example(text: "good film", target: .score(score)) }
        guard case .score(let model) = try goOn(.scoring, from: [scored(-1), scored(2)], with: [scored(1)])
        else { return #expect(Bool(false), "no scores") }
        #expect(model.task.range == -1...2)
        #expect(throws: TaskError.self) {
            try goOn(.tokenClassification, from: [named("X")], with: [named("Z")])
        }
    }

    @Test func `what nobody chose suits the task`() {
        var arguments = TrainingArguments()
        arguments.suitWhereUnset(.tokenClassification)
        #expect(arguments.learningRate == 2e-4 && arguments.epochs == 6)
        arguments = TrainingArguments()
        arguments.learningRate = 1e-3
        arguments.suitWhereUnset(.questionAnswering)
        #expect(arguments.learningRate == 1e-3 && arguments.maximumLength == 384)
        arguments = TrainingArguments()
        arguments.suitWhereUnset(.textClassification)
        #expect(arguments == TrainingArguments())
    }

    @Test func `a prior is set right for classes alone`() throws {
        let rows = [Example(text: "a", target: .labels(["x"])), Example(text: "b", target: .labels([]))]
        let scratch = try ScratchFolder()
        var arguments = TinyTask.arguments
        arguments.adjustment = .temperature
        #expect(throws: TrainingError.self) {
            try fineTune(
                base: TinyTask.base, for: .multiLabelClassification, training: rows, development: [],
                arguments: arguments, output: scratch.path + "/model")
        }
    }

    @Test func `rows that leave nothing to tell apart are refused`() {
        let one = [Example(text: "a", target: .score(1))]
        #expect(throws: TrainingError.oneScore) { try learn(.scoring, one) }
        #expect(throws: TrainingError.tooFewLabels(1)) {
            try learn(.tokenClassification, [Example(text: "a", target: .tags(["O"]))])
        }
        #expect(throws: TrainingError.tooFewLabels(0)) {
            try learn(.multiLabelClassification, [Example(text: "a", target: .labels([]))])
        }
        #expect(throws: TrainingError.noRows) { try learn(.questionAnswering, []) }
    }
}
