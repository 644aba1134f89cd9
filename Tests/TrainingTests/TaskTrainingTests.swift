import Corpus
import Foundation
import TestSupport
import Testing
import Training
import Transformers

/// Every task is learned by the same loop, killed and continued by it, and read again.
@Suite struct TaskTrainingTests {
    private static let checkpoint = Result { try Checkpoint(TinyTask.base) }

    private static var arguments: TrainingArguments {
        var arguments = TinyTask.arguments
        arguments.epochs = 12
        arguments.learningRate = 1e-2
        arguments.dropout = 0
        arguments.precision = .f32
        return arguments
    }

    private static func words(_ index: Int) -> [String] {
        [
            ["the", "good", "film", "was", "bad"], ["a", "bad", "film"], ["very", "good", ",", "not", "bad"],
        ][
            index % 3]
    }

    /// Learns, and expects that the written model answers all but `worst` of what it was taught.
    private func learn<Work: ModelTask>(
        _ task: Work, _ rows: [Example], worst: Double, _ arguments: TrainingArguments = Self.arguments
    ) throws {
        let checkpoint = try Self.checkpoint.get()
        let scratch = try ScratchFolder()
        func train(_ name: String, until last: Int = .max) throws -> FineTuningResult {
            var step = 0
            return try fineTune(
                task, from: checkpoint, training: rows, development: Array(rows.prefix(12)),
                arguments: arguments, output: scratch.path + "/" + name, state: scratch.path + "/state",
                progress: { step = $0.step }, isCancelled: { step >= last })
        }
        let whole = try train("model")
        let written = try Checkpoint(scratch.path + "/model")
        #expect(written.configuration.task == task.kind)
        let model = try task.model(from: written, seed: 0)
        let (scored, headline) = try evaluate(task, model, on: Array(rows.prefix(12)), precision: .f32)
        let mean = scored.reduce(0) { $0 + $1.boundedLoss } / Double(scored.count)
        #expect(scored.allSatisfy { (0...1).contains($0.boundedLoss) })
        #expect(mean < worst, "\(task.headline.name) \(headline)")
        #expect(abs(headline - whole.developmentAccuracy) < 1e-5)

        #expect(throws: TrainingError.cancelled) { try train("again", until: whole.steps / 2) }
        #expect(try train("again") == whole)
    }

    @Test func `classes, as the seam has them`() throws {
        let checkpoint = try Self.checkpoint.get()
        let task = TextClassification(
            labels: TinyTask.labels, TextReading(checkpoint.tokenizer, maximumLength: 32))
        try learn(task, TinyTask.rows(48), worst: 0.1)
    }

    @Test func `several labels`() throws {
        let checkpoint = try Self.checkpoint.get()
        let task = MultiLabelClassification(
            labels: LabelSet(names: ["good", "bad", "film"]),
            TextReading(checkpoint.tokenizer, maximumLength: 32))
        let rows = (0..<48).map { index in
            let words = Array(Self.words(index).dropLast(index / 3 % 2))
            return Example(
                text: words.joined(separator: " "),
                target: .labels(["good", "bad", "film"].filter(words.contains)))
        }
        try learn(task, rows, worst: 0.1)
    }

    @Test func `scores`() throws {
        let checkpoint = try Self.checkpoint.get()
        let task = Scoring(range: -2...2, TextReading(checkpoint.tokenizer, maximumLength: 32))
        let rows = (0..<48).map { index in
            let words = Self.words(index)
            let score = words.contains("good") ? (words.contains("not") ? 2.0 : 0.5) : -1.5
            return Example(text: words.joined(separator: " "), target: .score(score))
        }
        try learn(task, rows, worst: 0.1)
    }

    @Test func `tags of words`() throws {
        let checkpoint = try Self.checkpoint.get()
        let task = TokenClassification(
            labels: LabelSet(names: ["O", "B-OPINION", "I-OPINION"]), tokenizer: checkpoint.tokenizer,
            maximumLength: 32)
        let rows = (0..<48).map { index in
            let words = Self.words(index)
            let tags = words.enumerated().map { place, word in
                let isFilm = word == "film" && place > 0 && ["good", "bad"].contains(words[place - 1])
                return ["good", "bad"].contains(word) ? "B-OPINION" : isFilm ? "I-OPINION" : "O"
            }
            return Example(text: words.joined(separator: " "), target: .tags(tags))
        }
        try learn(task, rows, worst: 0.1)
    }

    @Test func `answers`() throws {
        let checkpoint = try Self.checkpoint.get()
        let task = QuestionAnswering(tokenizer: checkpoint.tokenizer, maximumLength: 32)
        let rows = (0..<48).map { index in
            let text = Self.words(index).joined(separator: " ")
            let asked = index / 3 % 2 == 0 ? "good" : "bad"
            let start = text.range(of: asked).map {
                text.unicodeScalars.distance(from: text.startIndex, to: $0.lowerBound)
            }
            return Example(
                text: asked, pair: text,
                target: .answers(start.map { [Target.Answer(text: asked, start: $0)] } ?? []))
        }
        try learn(task, rows, worst: 0.15)
    }

    @Test func `text, by a decoder`() throws {
        let folder = fixturePath("../../TransformersTests/Fixtures/tiny-gpt2")
        let checkpoint = try Checkpoint(folder)
        let task = CausalLanguageModeling(
            tokenizer: checkpoint.tokenizer, maximumLength: 32,
            endTokenID: checkpoint.configuration.endTokenID)
        let rows = (0..<24).map { Example(text: Self.words($0).joined(separator: " ")) }
        let scratch = try ScratchFolder()
        var arguments = Self.arguments
        arguments.epochs = 8
        func train(_ name: String, until last: Int = .max) throws -> FineTuningResult {
            var step = 0
            return try fineTune(
                task, from: checkpoint, training: rows, development: Array(rows.prefix(6)),
                arguments: arguments, output: scratch.path + "/" + name, state: scratch.path + "/state",
                progress: { step = $0.step }, isCancelled: { step >= last })
        }
        let before = try evaluate(task, checkpoint.languageModel(), on: rows, precision: .f32).headline
        let whole = try train("model")
        let after = try evaluate(
            task, Checkpoint(scratch.path + "/model").languageModel(), on: rows, precision: .f32)
        #expect(after.headline < before / 2)
        #expect(after.scored.allSatisfy { (0...1).contains($0.boundedLoss) })
        #expect(throws: TrainingError.cancelled) { try train("again", until: whole.steps / 2) }
        #expect(try train("again") == whole)
    }

    @Test func `adapters learn tags too`() throws {
        let checkpoint = try Self.checkpoint.get()
        let task = TokenClassification(
            labels: LabelSet(names: ["O", "B-X"]), tokenizer: checkpoint.tokenizer, maximumLength: 32)
        let rows = (0..<48).map { index in
            let words = Self.words(index)
            return Example(
                text: words.joined(separator: " "), target: .tags(words.map { $0 == "film" ? "B-X" : "O" }))
        }
        var arguments = Self.arguments
        arguments.lora = LowRankPlan(rank: 2)
        try learn(task, rows, worst: 0.2, arguments)
    }

    @Test func `rows of another task are refused before anything is learned`() throws {
        let checkpoint = try Self.checkpoint.get()
        let task = Scoring(range: 0...1, TextReading(checkpoint.tokenizer, maximumLength: 32))
        #expect(throws: TaskError.self) {
            try fineTune(
                task, from: checkpoint, training: TinyTask.rows(2), development: [],
                arguments: Self.arguments, output: "/proc/hone")
        }
        #expect(throws: TrainingError.noRows) {
            try fineTune(
                task, from: checkpoint, training: [], development: [], arguments: Self.arguments,
                output: "/proc/hone")
        }
    }
}
