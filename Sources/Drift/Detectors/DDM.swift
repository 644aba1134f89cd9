/// The Drift Detection Method: has the error rate risen above its own best?
///
/// With p the error rate of all rows so far and s = √(p(1 − p)/n), the least p + s seen is kept as
/// (p_min, s_min). A warning is given while p + s > p_min + 2 s_min, drift is declared when
/// p + s > p_min + 3 s_min, and the next value starts afresh. Rows are 0 (right) or 1 (wrong).
/// Equal to `river.drift.binary.DDM` index for index.
///
/// Kept because the field knows it and for comparison. It has no run-length promise: on unchanged
/// streams of 20 000 rows about every second one raises a false alarm. Do not train on its word.
///
/// Source: Gama, Medas, Castillo and Rodrigues, *Learning with Drift Detection*, SBIA 2004,
/// [doi:10.1007/978-3-540-28645-5_29](https://doi.org/10.1007/978-3-540-28645-5_29).
public struct DDM: DriftDetector, Codable {
    public static let name = "DDM"

    /// Rows to see before a verdict.
    public let warmUp: Int
    /// The warning level, in units of s_min.
    public let warningLevel: Double
    /// The drift level, in units of s_min.
    public let driftLevel: Double

    public private(set) var verdict = Verdict.stable
    public private(set) var observations = 0

    /// Where the present or last warning began, as the paper defines the start of the new concept.
    public private(set) var changeBegan: Int?

    private var count = 0
    private var errorRate = 0.0
    private var best: Best?

    private struct Best: Sendable, Equatable, Codable {
        var p: Double
        var s: Double
    }

    public init(warmUp: Int = 30, warningLevel: Double = 2, driftLevel: Double = 3) {
        precondition(
            warningLevel > 0 && warningLevel <= driftLevel,
            "DDM needs 0 < warning level ≤ drift level, not \(warningLevel) and \(driftLevel)")
        self.warmUp = warmUp
        self.warningLevel = warningLevel
        self.driftLevel = driftLevel
    }

    public func accepts(_ x: Double) -> Bool { x >= 0 && x <= 1 }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if verdict == .drift {
            count = 0
            errorRate = 0
            best = nil
            verdict = .stable
        }
        count += 1
        errorRate += (x - errorRate) / Double(count)
        observations += 1
        if count > warmUp { judge() }
        return verdict
    }

    private mutating func judge() {
        let p = errorRate
        let s = (p * (1 - p) / Double(count)).squareRoot()
        if let kept = best, p + s > kept.p + kept.s {} else { best = Best(p: p, s: s) }
        guard let best else { return }
        let before = verdict
        if p + s > best.p + driftLevel * best.s {
            verdict = .drift
        } else if p + s > best.p + warningLevel * best.s {
            verdict = .warning
        } else {
            verdict = .stable
        }
        if before == .stable && verdict != .stable { changeBegan = observations - 1 }
    }

    public mutating func reset() {
        self = DDM(warmUp: warmUp, warningLevel: warningLevel, driftLevel: driftLevel)
    }
}
