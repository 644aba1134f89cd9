public import Tensors

/// −log softmax(logits)[label], averaged over the rows, and its derivative together.
public enum CrossEntropy {
    /// - Parameters:
    ///   - logits: [s, k].
    ///   - labels: an index for each row.
    ///   - smoothing: ε of label smoothing; the target is (1 − ε) for the label and ε/k for all.
    /// - Returns: the mean loss in nats, and ∂loss/∂logits [s, k] = (softmax − target)/s.
    public static func lossAndGradient(
        _ logits: Matrix, labels: [Int], smoothing: Float = 0
    ) -> (loss: Double, gradient: Matrix) {
        precondition(labels.count == logits.rows, "\(labels.count) labels for logits [\(logits.shape)]")
        var gradient = logits.softmaxRows()
        let k = logits.columns
        let scale = 1 / Float(max(1, labels.count))
        var loss = 0.0
        unsafe gradient.withUnsafeMutable { p in
            unsafe logits.withUnsafe { z in
                for (row, label) in labels.enumerated() {
                    let first = row * k
                    let top = unsafe z[first..<first + k].max() ?? 0
                    var total = 0.0
                    for c in 0..<k { total += unsafe exponential(Double(z[first + c] - top)) }
                    let normalizer = logarithm(total) + Double(top)
                    for c in 0..<k {
                        let target = (c == label ? 1 - smoothing : 0) + smoothing / Float(k)
                        loss += Double(target) * (normalizer - Double(unsafe z[first + c]))
                        unsafe p[first + c] = (p[first + c] - target) * scale
                    }
                }
            }
        }
        return (loss * Double(scale), gradient)
    }
}
