public import Tensors

/// α·(z − z′)², averaged over the classes and the rows of a batch: how far a model has gone from what an
/// earlier one said.
///
/// Logits say more than labels do: how near the other classes were. Keeping them keeps what the earlier model
/// knew, which is dark experience replay (Buzzega et al., [arXiv:2004.07211](https://arxiv.org/abs/2004.07211)).
public enum LogitDistance {
    /// - Parameters:
    ///   - logits: z, [s, k].
    ///   - targets: z′, k for each row; a row of `nil` takes no part, but counts in s.
    ///   - weight: α.
    /// - Returns: α·Σ (z − z′)²/(s·k), and ∂loss/∂logits [s, k] = 2·α·(z − z′)/(s·k).
    public static func lossAndGradient(
        _ logits: Matrix, targets: [[Float]?], weight: Float
    ) -> (loss: Double, gradient: Matrix) {
        precondition(targets.count == logits.rows, "\(targets.count) targets for logits [\(logits.shape)]")
        var gradient = Matrix(rows: logits.rows, columns: logits.columns)
        let scale = Double(weight) / Double(max(1, logits.rows * logits.columns))
        var loss = 0.0
        for (row, target) in targets.enumerated() {
            guard let target else { continue }
            precondition(
                target.count == logits.columns, "\(target.count) targets for \(logits.columns) logits")
            for (column, value) in target.enumerated() {
                let difference = Double(logits[row, column]) - Double(value)
                loss += difference * difference
                gradient[row, column] = Float(2 * difference * scale)
            }
        }
        return (loss * scale, gradient)
    }
}
