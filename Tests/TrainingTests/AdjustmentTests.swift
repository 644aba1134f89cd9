import Corpus
import Foundation
import Testing
import Training
import Transformers

@Suite struct AdjustmentTests {
    private static let rows = TinyTask.rows(60)

    /// A model of the task, and what an adjustment makes of it.
    private static func adjusted(
        _ adjustment: Adjustment, _ body: (TextClassifier, TextClassifier, FineTuningResult) throws -> Void
    ) throws {
        let scratch = try ScratchFolder()
        var arguments = TinyTask.arguments
        arguments.epochs = 1
        arguments.precision = .f32
        let base = scratch.path + "/base"
        _ = try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: Array(rows.prefix(40)), development: [],
            arguments: arguments, output: base)
        arguments.adjustment = adjustment
        let result = try fineTune(
            base: base, labels: TinyTask.labels, training: rows, development: TinyTask.rows(24, from: 90),
            arguments: arguments, output: scratch.path + "/adjusted")
        try body(
            TextClassifier(folder: base), TextClassifier(folder: scratch.path + "/adjusted"), result)
    }

    private static func predictions(_ model: TextClassifier) -> [Prediction] {
        model.predict(rows.map { model.encode($0.text, pair: nil) })
    }

    @Test func `a temperature changes how sure the model is and nothing else`() throws {
        try Self.adjusted(.temperature) { before, after, result in
            let (old, new) = (Self.predictions(before), Self.predictions(after))
            #expect(zip(old, new).allSatisfy { $0.logits == $1.logits && $0.label == $1.label })
            #expect(old.map(\.confidence) != new.map(\.confidence))
            #expect(result.temperature != 1 && result.steps == 0)
            let loss = { (model: TextClassifier) throws in
                try evaluate(model, on: Self.rows).reduce(0) { $0 + $1.lossInNats }
            }
            let (worse, better) = (try loss(before), try loss(after))
            #expect(better < worse)
        }
    }

    @Test func `corrected shares are Bayes' rule on every row`() throws {
        let (then, now) = ([0.5, 0.5], [0.9, 0.1])
        try Self.adjusted(.prior(then: then, now: now)) { before, after, _ in
            for (old, new) in zip(Self.predictions(before), Self.predictions(after)) {
                let weights = (0..<2).map { Double(old.probabilities[$0]) * now[$0] / then[$0] }
                let expected = weights[0] / (weights[0] + weights[1])
                #expect(abs(Double(new.probabilities[0]) - expected) < 1e-5)
            }
        }
    }

    @Test func `shares that are none are refused`() throws {
        #expect(throws: TrainingError.self) {
            try Self.adjusted(.prior(then: [0.5, 0.5], now: [1, 0])) { _, _, _ in }
        }
        #expect(throws: TrainingError.self) {
            try Self.adjusted(.prior(then: [1], now: [1])) { _, _, _ in }
        }
    }

    @Test func `arguments with an adjustment survive their JSON, and older ones are read as before`() throws {
        var arguments = TrainingArguments()
        arguments.adjustment = .prior(then: [0.25, 0.75], now: [0.5, 0.5])
        let data = try JSONEncoder().encode(arguments)
        #expect(try JSONDecoder().decode(TrainingArguments.self, from: data) == arguments)
        let older = try JSONEncoder().encode(TrainingArguments())
        #expect(!String(decoding: older, as: UTF8.self).contains("adjustment"))
    }
}
