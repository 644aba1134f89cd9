/// The error that a promoted model promised, and the bound that a watch over it should use.
///
/// k errors on n₀ held-out rows give only an estimate; a detector that took k/n₀ itself as the
/// truth would raise false alarms whenever the set happened to be easy. So the bound is
///
///     m = ClopperPearson upper 95 % of (k, n₀) + tolerance
///
/// and a false promise needs a reference set that was unlucky in one case of twenty.
/// Larger reference sets make `bound` tighter and detection faster.
///
/// Source: Podkopaev and Ramdas, [arXiv:2110.06177](https://arxiv.org/abs/2110.06177).
public struct Baseline: Sendable, Hashable, Codable {
    /// k: errors on the reference set.
    public let errors: Int
    /// n₀: rows of the reference set.
    public let count: Int
    /// The rise of the error that nobody minds: 0.01 is one percentage point.
    public let tolerance: Double

    public init(errors: Int, count: Int, tolerance: Double = 0.01) {
        requireProportion(errors, of: count)
        precondition(tolerance >= 0 && tolerance < 1, "the tolerance must lie in [0, 1), not \(tolerance)")
        self.errors = errors
        self.count = count
        self.tolerance = tolerance
    }

    /// k/n₀, or nil for an empty set.
    public var errorRate: Double? { count == 0 ? nil : Double(errors) / Double(count) }

    /// The one-sided 95 % upper bound of the promised error.
    public var upperBound: Double { clopperPearsonUpper(errors, of: count, confidence: 0.95) }

    /// m, in (0, 1): what `ShiryaevRoberts(baseline:)` takes.
    ///
    /// It stays just inside 1, where no error rate could ever exceed it and the watch is idle.
    public var bound: Double { min(upperBound + tolerance, 1 - 1e-9) }
}
