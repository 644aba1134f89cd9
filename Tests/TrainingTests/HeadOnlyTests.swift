import Corpus
import Foundation
import Testing
import Training
import Transformers

@Suite struct HeadOnlyTests {
    private static var arguments: TrainingArguments {
        var arguments = TinyTask.arguments
        arguments.trainHeadOnly()
        arguments.learningRate = 0.05
        return arguments
    }

    private static func train(_ cache: FeatureCache?, to folder: String) throws -> FineTuningResult {
        try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(96),
            development: TinyTask.rows(24, from: 90), arguments: arguments, output: folder + "/model",
            features: cache)
    }

    @Test func `a head learns over what the encoder says, and the encoder keeps every bit`() throws {
        let scratch = try ScratchFolder()
        let result = try Self.train(nil, to: scratch.path)

        #expect(result.developmentAccuracy > 0.9)
        let before = try Checkpoint(TinyTask.base).model(for: TinyTask.labels, seed: 1)
        let after = try Checkpoint(scratch.path + "/model").classificationModel()
        for (old, new) in zip(before.parameters, after.parameters) where old.parameter.block != nil {
            #expect(old.matrix == new.matrix, "\(old.parameter.names)")
        }
    }

    @Test func `what was measured on vectors is what the whole model does`() throws {
        let scratch = try ScratchFolder()
        let result = try Self.train(nil, to: scratch.path)
        let served = try evaluate(
            TextClassifier(
                folder: scratch.path + "/model", precision: TrainingArguments().precision.resolved),
            on: TinyTask.rows(24, from: 90))
        #expect(Double(served.count { $0.isCorrect }) / 24 == result.developmentAccuracy)
    }

    @Test func `with a cache, empty or full, the weights are the same`() throws {
        let scratch = try ScratchFolder()
        let plain = try Self.train(nil, to: scratch.path)
        for _ in 0..<2 {
            let cache = FeatureCache(folder: scratch.path + "/features")
            #expect(try Self.train(cache, to: scratch.path) == plain)
        }
    }
}
