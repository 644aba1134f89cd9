/// Remembers the best evaluation, and says when waiting for a better one has been long enough.
public struct EarlyStopping: Sendable, Equatable, Codable {
    public let patience: Int
    public private(set) var best: Best?
    public private(set) var evaluationsSinceBest = 0

    /// An evaluation.
    public struct Best: Sendable, Equatable, Codable {
        public var accuracy: Double
        /// In nats.
        public var loss: Double
        /// After which step.
        public var step: Int
    }

    public init(patience: Int) {
        self.patience = patience
    }

    /// - Returns: whether this evaluation is the best so far: more right answers, or as many and a
    ///   lower loss.
    public mutating func isBest(accuracy: Double, loss: Double, step: Int) -> Bool {
        // Said so that a loss that is no number is not better.
        if let best, !((accuracy, -loss) > (best.accuracy, -best.loss)) {
            evaluationsSinceBest += 1
            return false
        }
        best = Best(accuracy: accuracy, loss: loss, step: step)
        evaluationsSinceBest = 0
        return true
    }

    public var shouldStop: Bool { evaluationsSinceBest >= patience }
}
