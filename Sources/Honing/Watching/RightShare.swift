import Drift

/// How right a model was on rows: 1 − the mean of their bounded losses. Of classes that is the share of right
/// answers, elsewhere `TaskKind.rowScore`.
struct RightShare: Sendable, Equatable {
    let value: Double
    /// Wilson's 95 % interval. Where answers can be partly right it is wider than it need be: of all losses
    /// in [0, 1] with one mean none vary more than those that are 0 or 1.
    let interval: ClosedRange<Double>

    /// - Precondition: there are losses.
    init(_ losses: some Collection<Double>) {
        let right = Double(losses.count) - losses.reduce(0, +)
        value = right / Double(losses.count)
        interval = wilson(
            min(losses.count, max(0, Int(right.rounded()))), of: losses.count, confidence: 0.95)
    }
}
