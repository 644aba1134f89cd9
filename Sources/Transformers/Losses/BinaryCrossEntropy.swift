public import Tensors

/// −log σ(z) where a label holds and −log(1 − σ(z)) where it does not, averaged over rows and labels,
/// and its derivative together.
public enum BinaryCrossEntropy {
    /// - Parameters:
    ///   - logits: [s, k].
    ///   - labels: the indices of those that hold, for each row.
    /// - Returns: the mean loss in nats, and ∂loss/∂logits [s, k] = (σ(z) − target)/(s·k).
    public static func lossAndGradient(
        _ logits: Matrix, labels: [Set<Int>]
    ) -> (loss: Double, gradient: Matrix) {
        precondition(labels.count == logits.rows, "\(labels.count) rows of labels for [\(logits.shape)]")
        var gradient = Matrix(uninitializedRows: logits.rows, columns: logits.columns)
        let scale = 1 / Double(max(1, logits.count))
        var loss = 0.0
        for (row, holding) in labels.enumerated() {
            for c in 0..<logits.columns {
                let (z, target) = (Double(logits[row, c]), holding.contains(c) ? 1.0 : 0.0)
                loss += softplus(target == 1 ? -z : z)
                gradient[row, c] = Float((sigmoid(z) - target) * scale)
            }
        }
        return (loss * scale, gradient)
    }

    /// log(1 + eᶻ), without overflow.
    static func softplus(_ z: Double) -> Double { max(0, z) + logarithm(1 + exponential(-abs(z))) }

    /// 1/(1 + e⁻ᶻ).
    static func sigmoid(_ z: Double) -> Double {
        let e = exponential(-abs(z))
        return z >= 0 ? 1 / (1 + e) : e / (1 + e)
    }
}
