import Glibc

/// Anytime-valid evidence that one of two models is better than the other on the same stream.
///
/// For each row let z = loss of one − loss of the other, in [−1, 1]. The null hypothesis is that z,
/// given the past, has a mean of at most m. A bettor who stakes the share λ of its capital on "more
/// than m" at each row holds, for each of five λ,
///
///     E = mean over λ of Π (1 + λ(z − m))          λ ∈ {0.02, 0.05, 0.1, 0.2, 0.4}
///
/// Under the null E is a supermartingale that begins at 1, so by Ville's inequality **the chance that
/// E ever reaches 1/α is at most α**, however often one looks and whatever the dependence between
/// rows. No rows are wasted on a fixed plan: a large difference shows within dozens of them.
///
/// - Harm of a new model: z = new loss − old loss and m the rise in error that nobody minds.
/// - Benefit of a new model: z = old loss − new loss and m = 0.
///
/// Source: betting as in Waudby-Smith and Ramdas, *Estimating means of bounded random variables by
/// betting*, [arXiv:2010.09686](https://arxiv.org/abs/2010.09686).
public struct PairedEvidence: Sendable, Hashable, Codable {
    /// The staked shares; below ½, so that no row can bankrupt a bettor.
    public static let bettingFractions: [Double] = [0.02, 0.05, 0.1, 0.2, 0.4]

    /// m: the mean difference that does not count, a share.
    public let margin: Double
    /// Rows seen.
    public private(set) var count = 0
    private var logCapitals: [Double]

    /// - Parameter margin: m, in [0, 1].
    public init(margin: Double) {
        precondition(margin >= 0 && margin <= 1, "the margin must lie in [0, 1], not \(margin)")
        self.margin = margin
        logCapitals = Self.bettingFractions.map { _ in 0 }
    }

    /// Takes one row in. A difference that is not a number says nothing and is left out.
    ///
    /// - Parameter difference: z; what lies outside [−1, 1] counts as its nearer end.
    public mutating func update(_ difference: Double) {
        guard !difference.isNaN else { return }
        let z = min(1, max(-1, difference))
        for (index, stake) in Self.bettingFractions.enumerated() {
            logCapitals[index] += log1p(stake * (z - margin))
        }
        count += 1
    }

    /// ln E; 0 before the first row.
    public var logEvidence: Double {
        let top = logCapitals.max() ?? 0
        return top + log(logCapitals.reduce(0) { $0 + exp($1 - top) } / Double(logCapitals.count))
    }

    /// log₁₀ E, for reports.
    public var log10Evidence: Double { logEvidence / log(10) }

    /// Whether E has reached 1/α now.
    public func isConvincing(alpha: Double) -> Bool { logEvidence >= -log(alpha) }
}
