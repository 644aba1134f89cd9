public import Tensors

/// −log softmax(logits)[label], averaged over the rows, and its derivative together.
public enum CrossEntropy {
    /// - Parameters:
    ///   - logits: [s, k].
    ///   - labels: an index for each row; a row of a negative one takes no part.
    ///   - smoothing: ε of label smoothing; the target is (1 − ε) for the label and ε/k for all.
    /// - Returns: the mean loss in nats, and ∂loss/∂logits [s, k] = (softmax − target)/s.
    public static func lossAndGradient(
        _ logits: Matrix, labels: [Int], smoothing: Float = 0
    ) -> (loss: Double, gradient: Matrix) {
        precondition(labels.count == logits.rows, "\(labels.count) labels for logits [\(logits.shape)]")
        var gradient = Matrix(uninitializedRows: logits.rows, columns: logits.columns)
        let k = logits.columns
        let scale = 1 / Double(max(1, labels.count { $0 >= 0 }))
        let shared = Double(smoothing) / Double(max(1, k))
        var loss = 0.0
        unsafe gradient.withUnsafeMutable { d in
            unsafe logits.withUnsafe { z in
                for (row, label) in labels.enumerated() {
                    let first = row * k
                    guard label >= 0 else {
                        for c in 0..<k { unsafe d[first + c] = 0 }
                        continue
                    }
                    let top = unsafe Double(z[first..<first + k].max() ?? 0)
                    let total = unsafe z[first..<first + k].reduce(0) { $0 + exponential(Double($1) - top) }
                    let normalizer = logarithm(total) + top
                    for c in 0..<k {
                        let target = shared + (c == label ? 1 - Double(smoothing) : 0)
                        let logProbability = unsafe Double(z[first + c]) - normalizer
                        loss -= target * logProbability
                        unsafe d[first + c] = Float((exponential(logProbability) - target) * scale)
                    }
                }
            }
        }
        return (loss * scale, gradient)
    }
}
