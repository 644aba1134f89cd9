public import Tensors

/// −log softmax(logits)[next token], averaged over all tokens that have a next one, and its derivative.
///
/// For masked tokens as well, whose "next" one is the one behind the mask.
///
/// Other than `CrossEntropy`, for vocabularies: the softmax is a kernel over f32 rows.
public enum NextTokenCrossEntropy {
    /// - Parameters:
    ///   - logits: [n, v]; given away, and overwritten by the gradient.
    ///   - next: of each token, the id that follows; negative where nothing does, or nothing is asked.
    /// - Returns: the mean loss in nats, ∂loss/∂logits [n, v], and each token's loss (0 if it has none).
    public static func lossAndGradient(
        _ logits: consuming Matrix, next: [Int32]
    ) -> (loss: Double, gradient: Matrix, losses: [Double]) {
        precondition(next.count == logits.rows, "\(next.count) next tokens for [\(logits.shape)]")
        let (rows, v) = (logits.rows, logits.columns)
        var losses = [Double](repeating: 0, count: rows)
        var tops = [Int](repeating: 0, count: rows)
        unsafe logits.withUnsafe { z in
            for row in 0..<rows where next[row] >= 0 {
                let first = row * v
                var top = 0
                for c in 1..<v where unsafe z[first + c] > z[first + top] { top = c }
                tops[row] = top
                losses[row] = unsafe Double(z[first + top]) - Double(z[first + Int(next[row])])
            }
        }
        var gradient = logits.softmaxRows()
        let scale = 1 / Float(max(1, next.count { $0 >= 0 }))
        unsafe gradient.withUnsafeMutable { d in
            for row in 0..<rows {
                let first = row * v
                guard next[row] >= 0 else {
                    for c in 0..<v { unsafe d[first + c] = 0 }
                    continue
                }
                // The largest probability is 1/Σexp(z − top): with it no small one is a logarithm's.
                losses[row] -= logarithm(unsafe Double(d[first + tops[row]]))
                for c in 0..<v { unsafe d[first + c] *= scale }
                unsafe d[first + Int(next[row])] -= scale
            }
        }
        return (losses.reduce(0, +) * Double(scale), gradient, losses)
    }

    /// The id that follows each token in its text, −1 behind the last.
    public static func next(_ batch: TokenBatch) -> [Int32] {
        var next = Array(batch.ids.dropFirst()) + (batch.ids.isEmpty ? [] : [-1])
        for end in batch.offsets.dropFirst() where end > 0 { next[end - 1] = -1 }
        return next
    }
}
