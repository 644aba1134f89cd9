public import Tensors

/// (z − score)², averaged over the rows, and its derivative together.
public enum SquaredError {
    /// - Parameter logits: [s, 1].
    /// - Returns: the mean loss, and ∂loss/∂logits [s, 1] = 2·(z − score)/s.
    public static func lossAndGradient(
        _ logits: Matrix, scores: [Double]
    ) -> (loss: Double, gradient: Matrix) {
        precondition(
            scores.count == logits.rows && logits.columns == 1, "\(scores.count) scores for [\(logits.shape)]"
        )
        let scale = 1 / Double(max(1, scores.count))
        let errors = scores.indices.map { Double(logits[$0, 0]) - scores[$0] }
        return (
            errors.reduce(0) { $0 + $1 * $1 } * scale,
            Matrix(rows: scores.count, columns: 1, values: errors.map { Float(2 * $0 * scale) })
        )
    }
}
