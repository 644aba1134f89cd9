/// Remembers the best evaluation, and says when waiting for a better one has been long enough.
///
/// The best is the one of the lowest loss *after calibration*. The share of right answers of a few hundred
/// rows jumps by points from one evaluation to the next, and the first lucky one would win while the
/// learning rate is still high; the loss as it stands punishes the overconfidence that a temperature
/// takes away in the end. Source: Berta et al., *Rethinking early stopping: refine, then calibrate*
/// ([arXiv:2501.19195](https://arxiv.org/abs/2501.19195)).
public struct EarlyStopping: Sendable, Equatable, Codable {
    public let patience: Int
    public private(set) var best: Best?
    public private(set) var evaluationsSinceBest = 0

    /// An evaluation.
    public struct Best: Sendable, Equatable, Codable {
        public var accuracy: Double
        /// In nats, at the temperature that fits best.
        public var loss: Double
        /// After which step.
        public var step: Int
    }

    public init(patience: Int) {
        self.patience = patience
    }

    /// - Returns: whether this evaluation is the best so far: a lower loss, or the same and more right
    ///   answers.
    public mutating func isBest(accuracy: Double, loss: Double, step: Int) -> Bool {
        // Said so that a loss that is no number is not better.
        if let best, !((-loss, accuracy) > (-best.loss, best.accuracy)) {
            evaluationsSinceBest += 1
            return false
        }
        best = Best(accuracy: accuracy, loss: loss, step: step)
        evaluationsSinceBest = 0
        return true
    }

    public var shouldStop: Bool { evaluationsSinceBest >= patience }
}
