import Tensors
import Transformers

/// The arguments that a search tries, drawn one candidate after the other.
///
/// The values are those that Devlin et al. ([arXiv:1810.04805](https://arxiv.org/abs/1810.04805), appendix A.3) and
/// Liu et al. ([arXiv:1907.11692](https://arxiv.org/abs/1907.11692), table 10) search, and below them what small
/// models want; a random draw covers what matters better than a grid does (Bergstra and Bengio,
/// <https://jmlr.org/papers/v13/bergstra12a.html>).
public struct TuningSpace: Sendable {
    /// What everything else is taken from, and the first candidate.
    public let start: TrainingArguments
    /// The model's layers, some of which may stay frozen.
    public let layers: Int
    /// Whether low-rank adapters are tried.
    public let triesAdapters: Bool
    /// Arguments that did well before, which are tried right after the start.
    public var known: [TrainingArguments] = []

    public init(start: TrainingArguments, layers: Int, triesAdapters: Bool) {
        self.start = start
        self.layers = layers
        self.triesAdapters = triesAdapters
    }

    private static let learningRates: [Float] = [2e-5, 3e-5, 5e-5, 1e-4, 2e-4, 3e-4]
    private static let epochs = [2, 3, 4, 6]
    private static let batches = [16, 32, 64]
    private static let ranks = [4, 8, 16, 32]
    private static let replayShares = [1, 1, 0.5, 0.25]

    /// A candidate; the first, number 0, is the start itself.
    ///
    /// - Returns: the same for the same number and seed, whatever was drawn before.
    public func candidate(_ number: Int, seed: UInt64) -> TrainingArguments {
        guard number > 0 else { return start }
        guard number > known.count else { return known[number - 1] }
        var random = Philox(seed: seed, stream: UInt64(number))
        func one<Value>(of values: [Value]) -> Value {
            values[Int.random(in: values.indices, using: &random)]
        }
        var arguments = start
        arguments.epochs = one(of: Self.epochs)
        arguments.batchSize = one(of: Self.batches)
        let rate = one(of: Self.learningRates)
        if triesAdapters, Int.random(in: 0..<4, using: &random) == 0 {
            let rank = one(of: Self.ranks)
            arguments.adapt(rank: rank, alpha: Float(2 * rank), targetModules: ["query", "value"])
            // Adapters want a rate of about ten times that of weights.
            arguments.learningRate = min(1e-2, 10 * rate)
        } else {
            arguments.lora = nil
            arguments.learningRate = rate
            arguments.frozenLayers = one(of: [0, 0, layers / 3, layers / 2])
        }
        return arguments
    }

    /// How much of the rows that are there to be replayed a candidate takes; the start and what is known take all.
    public func replayShare(_ number: Int, seed: UInt64) -> Double {
        guard number > known.count else { return 1 }
        var random = Philox(seed: seed, stream: UInt64(number) | 1 << 32)
        return Self.replayShares[Int.random(in: Self.replayShares.indices, using: &random)]
    }
}

extension TrainingArguments {
    /// What a search varies, for a list.
    public var brief: String {
        let way =
            lora.map { "LoRA rank \($0.rank)" }
            ?? (headOnly ? "head only" : frozenLayers > 0 ? "\(frozenLayers) layers frozen" : "all layers")
        return "rate \(learningRate), \(epochs) epochs, batch \(batchSize), \(way)"
    }
}
