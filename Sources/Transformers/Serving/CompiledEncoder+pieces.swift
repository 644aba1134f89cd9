import Synchronization
import Tensors
import Tokenizers

extension CompiledEncoder {
    /// Cuts a batch into pieces of about equal work, one thread for each, and puts the results back in order.
    func inPieces<Result: Sendable>(
        _ batch: [Encoding], _ body: @Sendable (TokenBatch, Matrix) -> [Result]
    ) -> [Result] {
        let pieces = TextClassifier.pieces(of: batch.map(\.ids.count), threads: ThreadPool.shared.threads)
        guard pieces.count > 1 else {
            guard !batch.isEmpty else { return [] }
            let all = TokenBatch(batch)
            return body(all, self(all))
        }
        let results = Mutex([[Result]?](repeating: nil, count: pieces.count))
        ThreadPool.shared.parallel(pieces.count) { index in
            let piece = TokenBatch(pieces[index].map { batch[$0] })
            let answers = body(piece, self(piece))
            results.withLock { $0[index] = answers }
        }
        return results.withLock { $0.flatMap { $0 ?? [] } }
    }
}

extension TextClassifier {
    /// Tokens of one piece of work: larger ones do not help, smaller ones cost.
    private static let pieceTokens = 128

    /// Consecutive texts of about `pieceTokens` tokens each, and as many pieces for each thread: one over
    /// would leave all threads but one idle while it is worked on.
    package static func pieces(of lengths: [Int], threads: Int) -> [Range<Int>] {
        let total = lengths.reduce(0, +)
        guard lengths.count > 1, total > 64 else { return lengths.isEmpty ? [] : [0..<lengths.count] }
        let rounds = max(1, (total + threads * pieceTokens / 2) / (threads * pieceTokens))
        let count = min(lengths.count, threads * rounds)
        let goal = Double(total) / Double(count)
        var pieces: [Range<Int>] = []
        var start = 0
        var sum = 0
        for (index, length) in lengths.enumerated() {
            sum += length
            if Double(sum) >= goal * Double(pieces.count + 1) || index == lengths.count - 1 {
                pieces.append(start..<index + 1)
                start = index + 1
            }
        }
        return pieces
    }
}
