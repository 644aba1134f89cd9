import Foundation
import Tensors
import Transformers

/// How fast a model answers, without HTTP: throughput in batches and latency one by one.
public struct ServingBenchmark: Codable, Sendable, Equatable {
    public var sentences: Int
    public var tokens: Int
    public var threads: Int
    public var kernels: String
    public var precision: String
    /// The median of the rounds; batches of 32, sorted by length, tokenized before.
    public var tokensPerSecond: Double
    public var rounds: [Double]
    /// One sentence at a time.
    public var p50Milliseconds: Double
    public var p99Milliseconds: Double
    /// Of tokenizing one sentence on one thread.
    public var tokenizeMicroseconds: Double
    /// Resident memory with the model loaded and in use, in megabytes.
    public var residentMegabytes: Double
    /// Billions of multiplications and additions a second, of the linear layers.
    public var gigaflops: Double
    /// That as a share of the fastest product that this machine showed in the same precision, after the
    /// rounds and in the same process.
    public var shareOfPeak: Double

    /// - Parameters:
    ///   - folder: a model folder, with or without a head.
    ///   - rounds: how often all sentences are predicted.
    ///   - embeddings: where the mean of each sentence's hidden states is written, if it is: f32,
    ///     little-endian, sentence after sentence.
    public init(
        folder: String, sentences: [String], rounds: Int, precision: ServingPrecision = .f32,
        embeddings: String? = nil
    ) throws {
        let work = try ServingWork(folder: folder, sentences: sentences, precision: precision)
        let classifier = work.classifier
        let tokenizing = ContinuousClock().measure {
            for text in sentences { _ = classifier.encode(text, pair: nil) }
        }
        tokenizeMicroseconds = tokenizing / .microseconds(1) / Double(max(1, sentences.count))
        if let embeddings {
            let values = classifier.embed(sentences.map { classifier.encode($0, pair: nil) }).values
            try unsafe values.withUnsafeBytes { unsafe Data($0) }.write(to: URL(filePath: embeddings))
        }
        _ = work.round()
        self.rounds = (0..<rounds).map { _ in work.round() }
        tokensPerSecond = self.rounds.median
        let latencies = work.latencies()
        p50Milliseconds = latencies.quantile(0.5)
        p99Milliseconds = latencies.quantile(0.99)
        self.sentences = sentences.count
        tokens = work.tokens
        threads = ThreadPool.shared.threads
        kernels = kernelName
        self.precision = classifier.precision.rawValue
        residentMegabytes = Self.residentMegabytes()
        gigaflops = tokensPerSecond * classifier.operationsPerToken / 1e9
        shareOfPeak = gigaflops / KernelsBenchmark.peak(classifier.precision)
    }

    static func residentMegabytes() -> Double {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return Double(fields.flatMap { Int($0[1]) } ?? 0) * Double(getpagesize()) / 1_048_576
    }
}
