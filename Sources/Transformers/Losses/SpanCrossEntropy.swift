public import Tensors

/// The cross-entropies of an answer's first and last token, each over all tokens of its text; their
/// mean, and its derivative.
///
/// Source: Devlin et al., [arXiv:1810.04805](https://arxiv.org/abs/1810.04805), section 4.2.
public enum SpanCrossEntropy {
    /// - Parameters:
    ///   - logits: [n, 2]: of each token as the first and as the last.
    ///   - offsets: where each text begins.
    ///   - answers: of each text, the places of both tokens in it; 0 and 0 where it has no answer.
    /// - Returns: the mean loss in nats, and ∂loss/∂logits [n, 2].
    public static func lossAndGradient(
        _ logits: Matrix, offsets: [Int], answers: [ClosedRange<Int>]
    ) -> (loss: Double, gradient: Matrix) {
        precondition(
            logits.columns == 2 && offsets.last == logits.rows && answers.count == offsets.count - 1,
            "\(answers.count) answers for [\(logits.shape)]")
        var gradient = Matrix(uninitializedRows: logits.rows, columns: 2)
        var loss = 0.0
        let scale = 1 / Double(max(1, answers.count))
        for (row, answer) in answers.enumerated() {
            let tokens = offsets[row]..<offsets[row + 1]
            for (side, place) in [answer.lowerBound, answer.upperBound].enumerated() {
                let scores = Matrix(rows: 1, columns: tokens.count, values: tokens.map { logits[$0, side] })
                let (one, d) = CrossEntropy.lossAndGradient(scores, labels: [place])
                loss += one / 2 * scale
                for (column, token) in tokens.enumerated() {
                    gradient[token, side] = d[0, column] * Float(scale / 2)
                }
            }
        }
        return (loss, gradient)
    }
}
