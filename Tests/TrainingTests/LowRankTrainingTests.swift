import Corpus
import Foundation
import Tensors
import Testing
import Training
import Transformers

@Suite struct LowRankTrainingTests {
    private static func arguments(_ plan: LowRankPlan = LowRankPlan(rank: 2)) -> TrainingArguments {
        var arguments = TinyTask.arguments
        arguments.lora = plan
        return arguments
    }

    @discardableResult
    private static func train(
        _ arguments: TrainingArguments, to folder: String, until last: Int = .max
    ) throws -> FineTuningResult {
        var step = 0
        return try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(96),
            development: TinyTask.rows(24, from: 90), arguments: arguments, output: folder + "/model",
            adapter: folder + "/adapter", state: folder + "/state", progress: { step = $0.step },
            isCancelled: { step >= last })
    }

    @Test func `a task is learned through adapters, and all else keeps every bit`() throws {
        let scratch = try ScratchFolder()
        var arguments = Self.arguments()
        arguments.epochs = 12
        arguments.learningRate = 0.02
        let result = try Self.train(arguments, to: scratch.path)

        #expect(result.developmentAccuracy == 1)
        let before = try Checkpoint(TinyTask.base).model(for: TinyTask.labels, seed: arguments.seed)
        let after = try Checkpoint(scratch.path + "/model").classificationModel()
        for (old, new) in zip(before.parameters, after.parameters) {
            let name = old.parameter.names[0]
            let learns = name.hasSuffix("self.query.weight") || name.hasPrefix("classifier.")
            #expect((old.matrix != new.matrix) == learns, "\(name)")
        }
        // Of queries, keys and values side by side, the keys are not adapted.
        let (old, new) = (before.encoder.blocks[0].attention, after.encoder.blocks[0].attention)
        let d = old.output.weight.rows
        for row in 0..<3 * d {
            let isKey = (d..<2 * d).contains(row)
            #expect((old.queryKeyValue.weight[row: row] == new.queryKeyValue.weight[row: row]) == isKey)
        }
    }

    @Test func `cancelled and continued, it ends with the same bytes`() throws {
        let whole = try Self.train(Self.arguments(), to: ScratchFolder().path)
        for last in [1, whole.steps / 2, whole.steps - 1] {
            let scratch = try ScratchFolder()
            #expect(throws: TrainingError.cancelled) {
                try Self.train(Self.arguments(), to: scratch.path, until: last)
            }
            #expect(try Self.train(Self.arguments(), to: scratch.path) == whole)
        }
    }

    @Test func `targets that the model lacks and ranks without sense are refused`() throws {
        let scratch = try ScratchFolder()
        for plan in [LowRankPlan(targetModules: ["c_attn"]), LowRankPlan(rank: 0), LowRankPlan(alpha: 0)] {
            let error = #expect(throws: TrainingError.self) {
                try Self.train(Self.arguments(plan), to: scratch.path)
            }
            #expect(error?.description.contains("lora") == true)
        }
    }

    private static let python = ProcessInfo.processInfo.environment["PEER_PYTHON"]

    @Test(.enabled(if: python != nil, "PEER_PYTHON names no Python"))
    func `peft loads the adapter and gives the logits of the merged model`() throws {
        let scratch = try ScratchFolder()
        try Self.train(Self.arguments(LowRankPlan(rank: 3, targetModules: ["all-linear"])), to: scratch.path)

        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.python))
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Reference/check_adapter.py").path
        process.arguments = [
            "-B", script, TinyTask.base, scratch.path + "/adapter", scratch.path + "/model",
        ]
        try process.run()
        process.waitUntilExit()

        #expect(process.terminationStatus == 0)
    }
}
