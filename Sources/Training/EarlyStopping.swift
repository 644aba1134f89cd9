/// Remembers the best evaluation, and says when waiting for a better one has been long enough.
public struct EarlyStopping: Sendable, Equatable {
    public let patience: Int
    public private(set) var best: (accuracy: Double, loss: Double, step: Int)?
    public private(set) var evaluationsSinceBest = 0

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
        best = (accuracy, loss, step)
        evaluationsSinceBest = 0
        return true
    }

    public var shouldStop: Bool { evaluationsSinceBest >= patience }

    public static func == (a: EarlyStopping, b: EarlyStopping) -> Bool {
        a.patience == b.patience && a.evaluationsSinceBest == b.evaluationsSinceBest
            && a.best?.step == b.best?.step
    }
}
