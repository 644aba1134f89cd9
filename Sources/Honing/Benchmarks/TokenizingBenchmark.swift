import Foundation
import Tensors
import Tokenizers

/// How fast texts become tokens: one by one on one thread, and all together on all threads.
public struct TokenizingBenchmark: Codable, Sendable, Equatable {
    public var sentences: Int
    public var tokens: Int
    public var threads: Int
    /// Of one sentence on one thread; the median of the rounds.
    public var microsecondsPerSentence: Double
    public var rounds: [Double]
    /// On all threads; the median of the rounds.
    public var sentencesPerSecond: Double

    /// - Parameter folder: a model folder; only its tokenizer is read.
    public init(folder: String, sentences: [String], rounds: Int) throws {
        let clock = ContinuousClock()
        let tokenizer = try loadTokenizer(folder: folder)
        let count = Double(max(1, sentences.count))
        tokens = sentences.reduce(0) { $0 + tokenizer.encode($1, pair: nil, maximumLength: 256).ids.count }
        self.rounds = (0..<rounds).map { _ in
            clock.measure {
                for text in sentences { _ = tokenizer.encode(text, pair: nil, maximumLength: 256) }
            } / .microseconds(1) / count
        }
        microsecondsPerSentence = self.rounds.sorted()[rounds / 2]
        let together = (0..<rounds).map { _ in
            clock.measure {
                ThreadPool.shared.parallelRanges(sentences.count) { range in
                    for index in range {
                        _ = tokenizer.encode(sentences[index], pair: nil, maximumLength: 256)
                    }
                }
            } / .seconds(1)
        }
        sentencesPerSecond = count / together.sorted()[rounds / 2]
        self.sentences = sentences.count
        threads = ThreadPool.shared.threads
    }
}
