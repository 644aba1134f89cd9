import Corpus
import Foundation
import Tensors
import Tokenizers
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

    /// - Parameters:
    ///   - folder: a model folder, with or without a head.
    ///   - rounds: how often all sentences are predicted.
    ///   - embeddings: where the mean of each sentence's hidden states is written, if it is: f32,
    ///     little-endian, sentence after sentence.
    public init(
        folder: String, sentences: [String], rounds: Int, precision: ServingPrecision = .f32,
        embeddings: String? = nil
    ) throws {
        let clock = ContinuousClock()
        let checkpoint = try Checkpoint(folder)
        let labels =
            checkpoint.configuration.labels.count >= 2
            ? checkpoint.configuration.labels : .init(names: ["a", "b"])
        let classifier = TextClassifier(
            try checkpoint.model(for: labels, seed: 1), tokenizer: checkpoint.tokenizer, maximumLength: 256,
            precision: precision.wished)
        releaseUnusedMemory()
        var encodings: [Encoding] = []
        let tokenizing = clock.measure { encodings = sentences.map { classifier.encode($0, pair: nil) } }
        tokenizeMicroseconds = tokenizing / .microseconds(1) / Double(max(1, sentences.count))
        if let embeddings {
            let values = classifier.embed(encodings).values
            try unsafe values.withUnsafeBytes { unsafe Data($0) }.write(to: URL(filePath: embeddings))
        }
        encodings.sort { $0.ids.count > $1.ids.count }
        let total = encodings.reduce(0) { $0 + $1.ids.count }
        func round() -> Double {
            let time = clock.measure {
                for start in stride(from: 0, to: encodings.count, by: 32) {
                    _ = classifier.predict(Array(encodings[start..<min(start + 32, encodings.count)]))
                }
            }
            return Double(total) / (time / .seconds(1))
        }
        _ = round()
        self.rounds = (0..<rounds).map { _ in round() }
        tokensPerSecond = self.rounds.sorted()[rounds / 2]
        let latencies = stride(from: 0, to: encodings.count, by: 2).map { index in
            clock.measure { _ = classifier.predict([encodings[index]]) } / .milliseconds(1)
        }.sorted()
        p50Milliseconds = latencies[latencies.count / 2]
        p99Milliseconds = latencies[latencies.count * 99 / 100]
        self.sentences = sentences.count
        tokens = total
        threads = ThreadPool.shared.threads
        kernels = kernelName
        self.precision = classifier.precision.rawValue
        residentMegabytes = Self.residentMegabytes()
    }

    private static func residentMegabytes() -> Double {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return Double(fields.flatMap { Int($0[1]) } ?? 0) * Double(getpagesize()) / 1_048_576
    }
}
