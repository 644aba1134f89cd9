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
        let clock = ContinuousClock()
        var marks: [(tokens: Int, at: ContinuousClock.Instant)] = []
        try fineTune(
            base: folder, labels: LabelSet(names: names), training: rows, development: [],
            arguments: arguments,
            output: output,
            progress: { step in
                if step.phase == .training, step.epoch == step.epoch.rounded() {
                    marks.append((step.tokens, clock.now))
                }
            })
        let rates = zip(marks, marks.dropFirst()).map { a, b in
            Double(b.tokens - a.tokens) / ((b.at - a.at) / .seconds(1))
        }
        self.rounds = rates
        tokensPerSecond = rates.sorted()[rates.count / 2]
        self.sentences = sentences.count
        tokens = marks.first?.tokens ?? 0
        threads = ThreadPool.shared.threads
        kernels = kernelName
        self.precision = precision.resolved.rawValue
        self.frozenLayers = frozenLayers
        self.loraRank = loraRank
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        peakMegabytes = Double(usage.ru_maxrss) / 1_024
    }
}
