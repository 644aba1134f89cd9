import Glibc

/// The Shiryaev-Roberts e-detector: has the mean loss risen above a promised bound?
///
/// Losses x ≥ 0 come one after another (1 for a wrong prediction, 0 for a right one; any bounded
/// loss, or a loss divided by its sampling probability, works unchanged). The null hypothesis is
/// that each loss, given the past, has a mean of at most `baseline` = m. A bettor stakes the
/// fraction λ of its capital on "more than m" at each step; for each of six λ the evidence that
/// the change began at *some* past step is
///
///     S ← (S + 1) · (1 + λ(x − m))        E = mean of S over the λ kept
///
/// and the alarm sounds while E ≥ A. Under the null E grows by at most 1 a step on average, hence
/// **the mean number of labels until a false alarm is at least A** (`averageRunLength`), whatever
/// the dependence between rows. Factors λ ≥ 1/m are dropped, they could bankrupt the bettor.
/// Everything is kept in logarithms.
///
/// - `baseline` is best taken from `Baseline.bound`, so that an uncertain reference set cannot
///   break the promise.
/// - `averageRunLength` is in labels: 90 days × 220 labels a day = 19 800. Default 20 000.
///
/// Reading: `log10Evidence` of `log10Threshold`. A warning is given while E ≥ A^0.75, which by the
/// same theorem comes falsely once in A^0.75 labels at most (1 682 at A = 20 000).
///
/// Source: Shin, Ramdas and Rinaldo, *E-detectors*, [arXiv:2203.03532](https://arxiv.org/abs/2203.03532);
/// the bound as null from Podkopaev and Ramdas, [arXiv:2110.06177](https://arxiv.org/abs/2110.06177).
public struct ShiryaevRoberts: DriftDetector, Codable {
    public static let name = "Shiryaev-Roberts"

    /// The betting fractions of which those below 1/m are kept.
    public static let bettingFractions: [Double] = [0.125, 0.25, 0.5, 1, 2, 4]

    /// The share of ln A from which a warning is given.
    public static let warningShare = 0.75

    /// m: the greatest mean loss that counts as unchanged.
    public let baseline: Double

    /// A: the promised mean number of labels until a false alarm.
    public let averageRunLength: Double

    public private(set) var observations = 0

    /// The index of the value with which the evidence first reached the threshold, since `reset`.
    public private(set) var firstAlarm: Int?

    private var bets: [Bet]

    /// - Parameters:
    ///   - baseline: m, in (0, 1).
    ///   - averageRunLength: A, greater than 1.
    public init(baseline: Double, averageRunLength: Double = 20_000) {
        precondition(baseline > 0 && baseline < 1, "the baseline error must lie in (0, 1), not \(baseline)")
        precondition(
            averageRunLength > 1, "the average run length must exceed 1 label, not \(averageRunLength)")
        self.baseline = baseline
        self.averageRunLength = averageRunLength
        bets = Self.bettingFractions.filter { $0 * baseline < 1 }.map(Bet.init)
    }

    /// A as a promise in days: max(20 000, days × labels a day).
    public static func averageRunLength(days: Double = 90, labelsPerDay: Double) -> Double {
        max(20_000, days * labelsPerDay)
    }

    /// ln E; −∞ before the first value.
    public var logEvidence: Double {
        let top = bets.reduce(-Double.infinity) { max($0, $1.logSum) }
        guard top > -.infinity else { return -.infinity }
        let sum = bets.reduce(0) { $0 + exp($1.logSum - top) }
        return top + log(sum / Double(bets.count))
    }

    /// ln A.
    public var logThreshold: Double { log(averageRunLength) }

    /// log₁₀ E for reports, 0 at least.
    public var log10Evidence: Double { max(0, logEvidence / log(10)) }

    /// log₁₀ A for reports.
    public var log10Threshold: Double { logThreshold / log(10) }

    public var verdict: Verdict {
        let evidence = logEvidence
        if evidence >= logThreshold { return .drift }
        return evidence >= Self.warningShare * logThreshold ? .warning : .stable
    }

    /// Where the leading bet would have had to start to win most: the maximum-likelihood change point.
    public var changeBegan: Int? {
        let leader = bets.max { $0.logSum < $1.logSum }
        return leader.flatMap { $0.logBestRun > 0 ? $0.bestStart : nil }
    }

    /// Losses are finite and not negative; no upper limit is needed for the promise to hold.
    public func accepts(_ x: Double) -> Bool { x >= 0 && x.isFinite }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        for index in bets.indices {
            bets[index].take(excess: x - baseline, at: observations)
        }
        observations += 1
        let verdict = verdict
        if verdict == .drift, firstAlarm == nil { firstAlarm = observations - 1 }
        return verdict
    }

    public mutating func reset() {
        self = ShiryaevRoberts(baseline: baseline, averageRunLength: averageRunLength)
    }
}

/// One bettor: a fixed stake λ, the sum of its capital over all starting points, and the best of them.
private struct Bet: Sendable, Equatable, Codable {
    let stake: Double

    /// ln S. −∞ (no bet placed yet) is kept as an absent value, for JSON knows no infinity.
    private var logSumOrNone: Double?

    /// max over past starts of Σ ln(1 + λ(x − m)): Page's statistic, restarted where it falls to 0.
    private(set) var logBestRun = 0.0
    private(set) var bestStart = 0

    init(stake: Double) { self.stake = stake }

    var logSum: Double { logSumOrNone ?? -.infinity }

    mutating func take(excess: Double, at index: Int) {
        let growth = log1p(stake * excess)
        // ln(S + 1), from whichever of the two terms is the greater.
        let restarted = logSum > 0 ? logSum + log1p(exp(-logSum)) : log1p(exp(logSum))
        logSumOrNone = restarted + growth
        if logBestRun <= 0 {
            logBestRun = 0
            bestStart = index
        }
        logBestRun += growth
    }
}
