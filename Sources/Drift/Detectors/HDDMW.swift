import Glibc

/// HDDM-W, McDiarmid's bound on weighted averages: has the recent mean risen above the past one?
///
/// Averages fade: with each value x̂ ← λx + (1 − λ)x̂, and the sum of the squared weights, which
/// McDiarmid's inequality needs, is v ← λ² + (1 − λ)²v, from 1. The prefix with the least
/// x̂ + √(v ln(1/α)/2) is kept as (x̂₁, v₁); the values since have their own (x̂₂, v₂). Drift is
///
///     x̂₂ − x̂₁ > √( (v₁ + v₂) ln(1/α) / 2 )
///
/// at the drift confidence α, a warning at the warning confidence; the next value starts afresh.
/// Small λ look far back: slow, but able to see small moves. Values lie in 0…1.
/// Equal to `river.drift.binary.HDDMW` index for index. O(1) a value.
///
/// Source: Frías-Blanco et al., *Online and non-parametric drift detection methods based on
/// Hoeffding's bounds*, [doi:10.1109/TKDE.2014.2345382](https://doi.org/10.1109/TKDE.2014.2345382).
public struct HDDMW: DriftDetector, Codable {
    public static let name = "HDDM-W"

    /// α of a drift.
    public let driftConfidence: Double
    /// α of a warning.
    public let warningConfidence: Double
    /// λ: the weight of the newest value.
    public let weight: Double
    /// Whether a fall of the mean counts as well as a rise.
    public let isTwoSided: Bool

    public private(set) var verdict = Verdict.stable
    public private(set) var observations = 0
    public private(set) var changeBegan: Int?

    private var run = Run(start: 0)

    private struct FadingMean: Sendable, Equatable, Codable {
        var count = 0
        var value = 0.0
        /// Σ of the squared weights.
        var squaredWeights = 1.0

        mutating func add(_ x: Double, _ weight: Double) {
            value = count == 0 ? x : weight * x + (1 - weight) * value
            squaredWeights = weight * weight + (1 - weight) * (1 - weight) * squaredWeights
            count += 1
        }
    }

    /// The most extreme prefix and what came after it.
    private struct Cut: Sendable, Equatable, Codable {
        var bound: Double?
        var before = FadingMean()
        var after = FadingMean()
    }

    private struct Run: Sendable, Equatable, Codable {
        var start: Int
        var all = FadingMean()
        var lowest = Cut()
        var highest = Cut()
    }

    public init(
        driftConfidence: Double = 0.001, warningConfidence: Double = 0.005, weight: Double = 0.05,
        isTwoSided: Bool = false
    ) {
        requireConfidences(drift: driftConfidence, warning: warningConfidence)
        precondition(weight > 0 && weight < 1, "the weight of a value must lie in (0, 1), not \(weight)")
        self.driftConfidence = driftConfidence
        self.warningConfidence = warningConfidence
        self.weight = weight
        self.isTwoSided = isTwoSided
    }

    public func accepts(_ x: Double) -> Bool { x >= 0 && x <= 1 }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if verdict == .drift { run = Run(start: observations) }
        run.all.add(x, weight)
        observations += 1
        let reach = bound(run.all.squaredWeights, driftConfidence)
        if run.all.value + reach < run.lowest.bound ?? .infinity {
            run.lowest = Cut(bound: run.all.value + reach, before: run.all)
        } else {
            run.lowest.after.add(x, weight)
        }
        if run.all.value - reach > run.highest.bound ?? -.infinity {
            run.highest = Cut(bound: run.all.value - reach, before: run.all)
        } else {
            run.highest.after.add(x, weight)
        }
        judge()
        return verdict
    }

    private mutating func judge() {
        let rise = verdict(of: run.lowest, sign: 1)
        let fall = isTwoSided ? verdict(of: run.highest, sign: -1) : .stable
        verdict = max(rise, fall)
        if verdict != .stable {
            changeBegan = run.start + (rise >= fall ? run.lowest.before.count : run.highest.before.count)
        }
    }

    private func verdict(of cut: Cut, sign: Double) -> Verdict {
        guard cut.before.count > 0, cut.after.count > 0 else { return .stable }
        let move = sign * (cut.after.value - cut.before.value)
        let weights = cut.before.squaredWeights + cut.after.squaredWeights
        if move > bound(weights, driftConfidence) { return .drift }
        return move > bound(weights, warningConfidence) ? .warning : .stable
    }

    private func bound(_ squaredWeights: Double, _ alpha: Double) -> Double {
        (squaredWeights * log(1 / alpha) / 2).squareRoot()
    }

    public mutating func reset() {
        self = HDDMW(
            driftConfidence: driftConfidence, warningConfidence: warningConfidence, weight: weight,
            isTwoSided: isTwoSided)
    }
}
