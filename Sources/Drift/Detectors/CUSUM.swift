import Glibc

/// CUSUM, Page's cumulative sum: has the mean loss risen from m to about m′?
///
/// Each loss x moves the sum by the logarithm of a bet with the stake λ = (m′ − m) / (m(1 − m)):
///
///     S ← max(0, S) + ln(1 + λ(x − m))          alarm while S ≥ ln A
///
/// For x of 0 or 1 the step is exactly the log-likelihood ratio of the error rates m′ and m, in
/// nats, and no rule with the same false alarms finds a jump to m′ sooner in the worst case.
/// As long as each loss, given the past, has a mean of at most m, the
/// **mean number of labels until a false alarm is at least A**: the promise of `ShiryaevRoberts`,
/// whose sum over starting points is never below this maximum. It is fast for the one rise it was
/// made for, slower for others; the sum of the e-detector spreads its stakes. A warning is given
/// from the threshold ¾ ln A on. O(1) a value.
///
/// Losses x ≥ 0 are in the unit of m; a rise is looked for, never a fall.
///
/// Source: Page, *Continuous inspection schemes*, [doi:10.1093/biomet/41.1-2.100](https://doi.org/10.1093/biomet/41.1-2.100);
/// the bound and the optimality: Lorden, *Procedures for reacting to a change in distribution*,
/// [doi:10.1214/aoms/1177693055](https://doi.org/10.1214/aoms/1177693055).
public struct CUSUM: DriftDetector, Codable {
    public static let name = "CUSUM"

    /// m: the greatest mean loss that counts as unchanged.
    public let baseline: Double
    /// m′: the mean loss that must not be missed.
    public let alternative: Double
    /// A: the promised mean number of labels until a false alarm.
    public let averageRunLength: Double

    public private(set) var observations = 0

    /// Page's sum, in nats; the evidence since the most likely start of the change.
    public private(set) var sum = 0.0
    private var start = 0

    /// - Parameters:
    ///   - baseline: m, in (0, 1).
    ///   - alternative: m′, over m and below 1.
    ///   - averageRunLength: A, over 1.
    public init(baseline: Double, alternative: Double, averageRunLength: Double = 20_000) {
        precondition(
            baseline > 0 && baseline < alternative && alternative < 1,
            "CUSUM needs 0 < baseline < alternative < 1, not \(baseline) and \(alternative)")
        precondition(
            averageRunLength > 1, "the average run length must exceed 1 label, not \(averageRunLength)")
        self.baseline = baseline
        self.alternative = alternative
        self.averageRunLength = averageRunLength
    }

    /// λ.
    public var stake: Double { (alternative - baseline) / (baseline * (1 - baseline)) }

    /// ln A.
    public var threshold: Double { log(averageRunLength) }

    public var verdict: Verdict {
        if sum >= threshold { return .drift }
        return sum >= ShiryaevRoberts.warningShare * threshold ? .warning : .stable
    }

    /// The value after which the sum last left 0: the most likely first row of the new law.
    public var changeBegan: Int? { sum > 0 ? start : nil }

    /// Losses are finite and not negative.
    public func accepts(_ x: Double) -> Bool { x >= 0 && x.isFinite }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if sum <= 0 {
            sum = 0
            start = observations
        }
        sum += log1p(stake * (x - baseline))
        observations += 1
        return verdict
    }

    public mutating func reset() {
        self = CUSUM(baseline: baseline, alternative: alternative, averageRunLength: averageRunLength)
    }
}
