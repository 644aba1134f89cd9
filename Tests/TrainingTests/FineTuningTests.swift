import Corpus
import Foundation
import Tensors
import Testing
import Training
import Transformers

@Suite struct FineTuningTests {
    @Test func `a task is learned, and the checkpoint serves what was measured`() throws {
        let scratch = try ScratchFolder()
        let development = TinyTask.rows(24, from: 90)

        let result = try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(96),
            development: development,
            arguments: TinyTask.arguments, output: scratch.path)

        #expect(result.developmentAccuracy == 1)
        let served = try evaluate(TextClassifier(folder: scratch.path), on: development)
        #expect(served.allSatisfy { $0.isCorrect })
        #expect(try TextClassifier(folder: scratch.path).labels == TinyTask.labels)
        #expect(try ContentHash.ofFile(scratch.path + "/model.safetensors").hex == result.weightsSHA256)
    }

    @Test func `the same seed gives the same bytes, another seed others`() throws {
        func train(seed: UInt64) throws -> FineTuningResult {
            let scratch = try ScratchFolder()
            var arguments = TinyTask.arguments
            arguments.seed = seed
            return try fineTune(
                base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(64),
                development: TinyTask.rows(12), arguments: arguments, output: scratch.path)
        }
        let first = try train(seed: 1)
        #expect(try train(seed: 1) == first)
        #expect(try train(seed: 2).weightsSHA256 != first.weightsSHA256)
    }

    @Test func `progress counts every step up to the end`() throws {
        let scratch = try ScratchFolder()
        var seen: [TrainingProgress] = []

        let result = try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(40),
            development: TinyTask.rows(6),
            arguments: TinyTask.arguments, output: scratch.path, progress: { seen.append($0) })

        let steps = seen.filter { $0.phase != .finished }
        #expect(steps.map(\.step) == Array(1...result.steps))
        #expect(seen.allSatisfy { $0.totalSteps == result.steps })
        #expect(seen.last?.phase == .finished && seen.last?.step == result.steps)
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.tokens <= $1.tokens && $0.epoch <= $1.epoch })
        #expect(seen.last?.tokens == result.tokens && result.epochs == 4)
        // Five batches an epoch, evaluated after every second and after the last.
        #expect(steps.filter { $0.phase == .evaluating }.map(\.step).prefix(3) == [2, 4, 5])
    }

    @Test func `the best weights are kept, not the last`() throws {
        let scratch = try ScratchFolder()
        let development = TinyTask.rows(30, from: 60)
        var evaluations: [TrainingProgress] = []
        var arguments = TinyTask.arguments
        arguments.learningRate = 0.05

        let result = try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(60),
            development: development,
            arguments: arguments, output: scratch.path,
            progress: { if $0.phase == .evaluating { evaluations.append($0) } })

        let best = try #require(
            evaluations.min {
                ($0.developmentLoss!, -$0.developmentAccuracy!) < (
                    $1.developmentLoss!, -$1.developmentAccuracy!
                )
            })
        #expect(result.bestStep == best.step)
        #expect(result.developmentAccuracy == best.developmentAccuracy)
        let served = try evaluate(TextClassifier(folder: scratch.path), on: development)
        #expect(Double(served.count { $0.isCorrect }) / 30 == result.developmentAccuracy)
    }

    @Test func `training ends early when nothing gets better`() throws {
        let scratch = try ScratchFolder()
        var arguments = TinyTask.arguments
        arguments.learningRate = 1e-9
        arguments.epochs = 50
        arguments.earlyStoppingPatience = 2

        let result = try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(40),
            development: TinyTask.rows(10),
            arguments: arguments, output: scratch.path)

        #expect(result.steps < 100)
        #expect(result.bestStep < result.steps)
    }

    @Test func `without development rows the last weights are the result`() throws {
        let scratch = try ScratchFolder()
        let result = try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(32), development: [],
            arguments: TinyTask.arguments, output: scratch.path)
        #expect(result.bestStep == result.steps)
        #expect(result.temperature == 1)
        #expect(try evaluate(TextClassifier(folder: scratch.path), on: TinyTask.rows(6)).count == 6)
    }

    @Test func `words that no row uses keep their embedding`() throws {
        let scratch = try ScratchFolder()
        try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(32), development: [],
            arguments: TinyTask.arguments, output: scratch.path)

        let before = try Checkpoint(TinyTask.base).classificationModel().encoder.embedding.word
        let after = try Checkpoint(scratch.path).classificationModel().encoder.embedding.word
        let unused = 12  // "not"
        #expect(after.rows == before.rows)
        #expect(after[row: unused] == before[row: unused])
        #expect(after[row: 6] != before[row: 6])
    }

    @Test func `a cancelled training writes nothing`() throws {
        let scratch = try ScratchFolder()
        let output = scratch.path + "/model"
        var steps = 0
        #expect(throws: TrainingError.cancelled) {
            try fineTune(
                base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(40), development: [],
                arguments: TinyTask.arguments, output: output, progress: { _ in steps += 1 },
                isCancelled: { steps == 3 })
        }
        #expect(steps == 3)
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test func `what cannot be trained is refused before it begins`() throws {
        func refusal(
            _ training: [Example], _ labels: LabelSet = TinyTask.labels,
            _ change: (inout TrainingArguments) -> Void = { _ in }
        ) -> TrainingError? {
            var arguments = TinyTask.arguments
            change(&arguments)
            return #expect(throws: TrainingError.self) {
                try fineTune(
                    base: TinyTask.base, labels: labels, training: training, development: [],
                    arguments: arguments,
                    output: "/proc/hone")
            }
        }
        #expect(refusal([]) == .noRows)
        #expect(refusal(TinyTask.rows(2), LabelSet(names: ["positive"])) == .tooFewLabels(1))
        let stranger = [Example(text: "a film", target: .label("mixed"))]
        #expect(refusal(stranger) == .unknownLabel("mixed", known: ["negative", "positive"]))
        #expect(
            refusal(TinyTask.rows(2)) { $0.evaluationsPerEpoch = 0 }?.description.contains(
                "evaluations_per_epoch") ?? false)
    }

    @Test func `a loss that is no number ends the training with advice`() throws {
        let scratch = try ScratchFolder()
        var arguments = TinyTask.arguments
        arguments.learningRate = 1
        arguments.maxGradNorm = 0
        arguments.adamEpsilon = 1e-30
        arguments.epochs = 2_000
        do {
            try fineTune(
                base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(16), development: [],
                arguments: arguments, output: scratch.path)
        } catch let error as TrainingError {
            guard case .diverged = error else { throw error }
        }
    }
}
