import Glibc

/// HDDM-A, Hoeffding's bound on plain averages: has the mean risen since its lowest point?
///
/// Of all values so far the mean z̄ over n is known; the prefix whose upper Hoeffding bound
/// x̄ + √(ln(1/α)/2n) is least is kept as (x̄, n₀). With the values since, drift is declared when
///
///     z̄ − x̄ ≥ √( (n − n₀)/(n₀ n) / 2 · ln(2/α) )
///
/// for the drift confidence α, a warning is given for the greater warning confidence, and the
/// next value starts afresh. `isTwoSided` also watches for falls, against the highest prefix.
/// Values lie in 0…1. Equal to `river.drift.binary.HDDMA` index for index. O(1) a value.
///
/// Source: Frías-Blanco et al., *Online and non-parametric drift detection methods based on
/// Hoeffding's bounds*, [doi:10.1109/TKDE.2014.2345382](https://doi.org/10.1109/TKDE.2014.2345382).
public struct HDDMA: DriftDetector, Codable {
    public static let name = "HDDM-A"

    /// α of a drift: the chance of a false one at a single test, as the paper bounds it.
    public let driftConfidence: Double
    /// α of a warning.
    public let warningConfidence: Double
    /// Whether a fall of the mean counts as well as a rise.
    public let isTwoSided: Bool

    public private(set) var verdict = Verdict.stable
    public private(set) var observations = 0
    public private(set) var changeBegan: Int?

    private var run = Run(start: 0)

    private struct Mean: Sendable, Equatable, Codable {
        var count = 0
        var value = 0.0

        mutating func add(_ x: Double) {
            count += 1
            value += (x - value) / Double(count)
        }

        func reach(_ alpha: Double) -> Double { (log(1 / alpha) / (2 * Double(count))).squareRoot() }
    }

    private struct Run: Sendable, Equatable, Codable {
        var start: Int
        var all = Mean()
        var lowest = Mean()
        var highest = Mean()
    }

    public init(
        driftConfidence: Double = 0.001, warningConfidence: Double = 0.005, isTwoSided: Bool = false
    ) {
        requireConfidences(drift: driftConfidence, warning: warningConfidence)
        self.driftConfidence = driftConfidence
        self.warningConfidence = warningConfidence
        self.isTwoSided = isTwoSided
    }

    public func accepts(_ x: Double) -> Bool { x >= 0 && x <= 1 }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if verdict == .drift { run = Run(start: observations) }
        run.all.add(x)
        observations += 1
        let reach = run.all.reach(driftConfidence)
        if run.lowest.count == 0
            || run.lowest.value + run.lowest.reach(driftConfidence) >= run.all.value + reach
        {
            run.lowest = run.all
        }
        if run.highest.count == 0
            || run.highest.value - run.highest.reach(driftConfidence) <= run.all.value - reach
        {
            run.highest = run.all
        }
        judge()
        return verdict
    }

    private mutating func judge() {
        let rise = verdict(of: run.all.value - run.lowest.value, since: run.lowest)
        let fall = isTwoSided ? verdict(of: run.highest.value - run.all.value, since: run.highest) : .stable
        verdict = max(rise, fall)
        if verdict != .stable {
            changeBegan = run.start + (rise >= fall ? run.lowest.count : run.highest.count)
        }
    }

    private func verdict(of move: Double, since cut: Mean) -> Verdict {
        guard cut.count < run.all.count else { return .stable }
        let (n, before) = (Double(run.all.count), Double(cut.count))
        let inverse = (n - before) / before * (1 / n)
        func exceeds(_ alpha: Double) -> Bool { move >= (inverse / 2 * log(2 / alpha)).squareRoot() }
        return exceeds(driftConfidence) ? .drift : exceeds(warningConfidence) ? .warning : .stable
    }

    public mutating func reset() {
        self = HDDMA(
            driftConfidence: driftConfidence, warningConfidence: warningConfidence, isTwoSided: isTwoSided)
    }
}

func requireConfidences(drift: Double, warning: Double) {
    precondition(
        drift > 0 && drift <= warning && warning < 1,
        "a detector needs 0 < drift confidence ≤ warning confidence < 1, not \(drift) and \(warning)")
}
