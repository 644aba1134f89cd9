import Corpus
import Foundation
import Tensors
import Testing
import Training
import Transformers

@Suite struct FrozenLayersTests {
    /// How far each parameter moved in a few steps: the largest change of a number in it.
    private static func movements(
        _ change: (inout TrainingArguments) -> Void
    ) throws -> [(parameter: Parameter, movement: Float)] {
        let scratch = try ScratchFolder()
        var arguments = TinyTask.arguments
        arguments.epochs = 1
        change(&arguments)
        let base = try Checkpoint(TinyTask.base).model(for: TinyTask.labels, seed: arguments.seed)
        try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(24), development: [],
            arguments: arguments, output: scratch.path)
        let trained = try Checkpoint(scratch.path).model(for: TinyTask.labels, seed: 0)
        return zip(base.parameters, trained.parameters).map { before, after in
            (
                before.parameter,
                zip(before.matrix.values, after.matrix.values).map { abs($0 - $1) }.max() ?? 0
            )
        }
    }

    @Test(arguments: [0, 1, 2]) func `what is frozen keeps every bit, the rest learns`(_ frozen: Int) throws {
        let moved = try Self.movements { $0.frozenLayers = frozen }
        for (parameter, movement) in moved {
            let isFrozen = frozen > 0 && (parameter.block.map { $0 < frozen } ?? false)
            #expect((movement == 0) == isFrozen, "\(parameter.names)")
        }
    }

    @Test func `what is above learns the same gradient whether or not what is below is frozen`() throws {
        // One step: afterwards the lower layers of one would have moved.
        func one(_ frozen: Int) throws -> [(parameter: Parameter, movement: Float)] {
            try Self.movements {
                $0.frozenLayers = frozen
                $0.batchSize = 24
                $0.tokensPerBatch = 10_000
                $0.warmupRatio = 0
                $0.maxGradNorm = 0
            }
        }
        for (free, frozen) in zip(try one(0), try one(1)) where (free.parameter.block ?? 9) >= 1 {
            #expect(free.movement == frozen.movement, "\(free.parameter.names)")
        }
    }

    @Test func `a decay by layers slows the lower ones down`() throws {
        let plain = try Self.movements { _ in }
        let decayed = try Self.movements { $0.layerwiseDecay = 0.1 }
        for (before, after) in zip(plain, decayed) {
            guard let block = before.parameter.block, block < 1 else { continue }
            // AdamW's steps are nearly the learning rate whatever the gradient.
            #expect(after.movement < before.movement * 0.3, "\(before.parameter.names)")
        }
    }

    @Test func `more layers than the model has are refused with their number`() throws {
        var arguments = TinyTask.arguments
        arguments.frozenLayers = 3
        let scratch = try ScratchFolder()
        #expect(throws: TrainingError.badArgument("frozen_layers", range: "from 0 to 2, the model's layers"))
        {
            try fineTune(
                base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(8), development: [],
                arguments: arguments, output: scratch.path)
        }
    }
}
