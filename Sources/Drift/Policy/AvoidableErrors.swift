/// How many wrong answers a new model would have spared the users since the last promotion.
///
/// A loss too small for any change detector still adds up. With the anytime-valid lower bound L of
/// the present error, the promised error p₀ and r requests answered for each label received,
///
///     avoidable errors = max(0, L − p₀) · labels · r
///
/// so the number is one that the users suffered with 95 % certainty, not one that chance shows.
///
/// Source: the idea is Modyn's cost-based trigger, [arXiv:2312.06254](https://arxiv.org/abs/2312.06254).
public struct AvoidableErrors: Sendable, Hashable, Codable {
    /// L − p₀, 0 at least: a share.
    public let excess: Double
    /// Labels since the promotion.
    public let labels: Int
    /// Wrong answers among all requests, labelled or not.
    public let count: Double

    /// - Parameters:
    ///   - errors: errors on labelled rows since the promotion.
    ///   - labels: labelled rows since the promotion.
    ///   - promised: p₀, the error on the reference set at promotion, a share.
    ///   - requestsPerLabel: r; 1 where every request gets its label or the traffic is not known.
    public init(errors: Int, labels: Int, promised: Double, requestsPerLabel: Double = 1) {
        let interval = binomialConfidenceSequence(errors: errors, count: labels, alpha: 0.05)
        let excess = max(0, interval.lowerBound - promised)
        let ratio = requestsPerLabel.isFinite ? max(1, requestsPerLabel) : 1
        self.labels = labels
        self.excess = excess.isFinite ? excess : 0
        count = self.excess * Double(labels) * ratio
    }
}
