import Corpus
import Foundation
import Tensors
public import Training
import Transformers

/// How fast a model is fine-tuned: tokens a second over an epoch, and the memory it took.
public struct TrainingBenchmark: Codable, Sendable, Equatable {
    public var sentences: Int
    public var tokens: Int
    public var threads: Int
    public var kernels: String
    public var precision: String
    public var frozenLayers: Int
    /// Of the adapters of queries and values; `nil` for a training of the weights themselves.
    public var loraRank: Int?
    /// Of all epochs after the first, which warms up; the median.
    public var tokensPerSecond: Double
    public var rounds: [Double]
    /// Of a head alone: a training of ten epochs over vectors that are known already, from loading the model
    /// to saving it.
    public var cachedSeconds: Double?
    /// The largest resident size of this process, in megabytes.
    public var peakMegabytes: Double

    /// Trains with made-up labels of four classes, as the peers' scripts do, 32 rows a step.
    public init(
        folder: String, sentences: [String], rounds: Int, precision: TrainingPrecision = .auto,
        frozenLayers: Int = 0, loraRank: Int? = nil
    ) throws {
        let names = ["a", "b", "c", "d"]
        let rows = sentences.enumerated().map {
            Example(text: $1, target: .label(names[($0 * 7 + $0 / 3) % 4]))
        }
        var arguments = TrainingArguments()
        arguments.epochs = rounds + 1
        arguments.batchSize = 32
        arguments.tokensPerBatch = 1 << 20
        arguments.maximumLength = 256
        arguments.precision = precision
        arguments.frozenLayers = frozenLayers
        arguments.lora = loraRank.map { LowRankPlan(rank: $0) }
        let output = NSTemporaryDirectory() + "hone-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: output) }
        let work = Work(
            base: folder, labels: LabelSet(names: names), rows: rows, arguments: arguments, output: output)
        if try Checkpoint(folder).configuration.layers == frozenLayers {
            (self.rounds, tokens, cachedSeconds) = try work.headOnly(rounds: rounds)
        } else {
            (self.rounds, tokens) = try work.epochs()
        }
        tokensPerSecond = self.rounds.median
        self.sentences = sentences.count
        threads = ThreadPool.shared.threads
        kernels = kernelName
        self.precision = precision.resolved.rawValue
        self.frozenLayers = frozenLayers
        self.loraRank = loraRank
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        peakMegabytes = Double(usage.ru_maxrss) / 1_024
    }

    private struct Work {
        var base: String
        var labels: LabelSet
        var rows: [Example]
        var arguments: TrainingArguments
        var output: String

        /// Tokens a second of each epoch but the first, and the tokens of one.
        func epochs() throws -> (rates: [Double], tokens: Int) {
            var marks: [(tokens: Int, at: ContinuousClock.Instant)] = []
            try train(nil) { step in
                if step.phase == .training, step.epoch == step.epoch.rounded() {
                    marks.append((step.tokens, .now))
                }
            }
            let rates = zip(marks, marks.dropFirst()).map { a, b in
                Double(b.tokens - a.tokens) / ((b.at - a.at) / .seconds(1))
            }
            return (rates, marks.first?.tokens ?? 0)
        }

        /// Epochs after the first read no text, so each round is a training of one epoch, from loading the
        /// model to saving it; and one of ten epochs over vectors that are known already.
        func headOnly(rounds: Int) throws -> (rates: [Double], tokens: Int, cachedSeconds: Double) {
            var once = self
            once.arguments.epochs = 1
            var tokens = 0
            let rates = try (0..<rounds).map { _ in
                let time = try ContinuousClock().measure { tokens = try once.train(nil).tokens }
                return Double(tokens) / (time / .seconds(1))
            }
            let cache = FeatureCache(folder: output + "-features")
            defer { try? FileManager.default.removeItem(atPath: output + "-features") }
            try once.train(cache)
            once.arguments.epochs = 10
            let cached = try ContinuousClock().measure { try once.train(cache) }
            return (rates, tokens, cached / .seconds(1))
        }

        @discardableResult
        private func train(
            _ cache: FeatureCache?, progress: (TrainingProgress) -> Void = { _ in }
        ) throws -> FineTuningResult {
            try fineTune(
                base: base, labels: labels, training: rows, development: [], arguments: arguments,
                output: output, features: cache, progress: progress)
        }
    }
}
