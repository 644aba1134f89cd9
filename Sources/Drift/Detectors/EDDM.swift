/// The Early Drift Detection Method: do errors follow each other more closely than they used to?
///
/// The distance between two errors, in rows, has a running mean p′ and a sample standard deviation
/// s′. Their best, the greatest p′ + 2s′, is kept, and with each error the ratio
///
///     (p′ + 2s′) / max (p′ + 2s′)
///
/// is a warning below α and drift below β; the next value starts afresh. Made for slow changes,
/// which stretch no error rate but draw errors together. Rows are 0 (right) or 1 (wrong).
/// Equal to `river.drift.binary.EDDM` index for index.
///
/// Kept because the field knows it and for comparison. It has no run-length promise: the greatest
/// value of a noisy figure is an outlier, and on unchanged streams of 20 000 rows nearly every one
/// raises a false alarm. Do not train on its word.
///
/// Source: Baena-García, del Campo-Ávila, Fidalgo, Bifet, Gavaldà and Morales-Bueno, *Early Drift
/// Detection Method*, Fourth International Workshop on Knowledge Discovery from Data Streams, 2006.
public struct EDDM: DriftDetector, Codable {
    public static let name = "EDDM"

    /// Rows, and errors, to see before a verdict.
    public let warmUp: Int
    /// α: the ratio below which a warning is given.
    public let warningRatio: Double
    /// β: the ratio below which drift is declared.
    public let driftRatio: Double

    public private(set) var verdict = Verdict.stable
    public private(set) var observations = 0

    /// Where the present or last warning began, as the paper defines the start of the new concept.
    public private(set) var changeBegan: Int?

    private var run = Run()

    /// What is forgotten at a detection.
    private struct Run: Sendable, Equatable, Codable {
        var rows = 0
        var errors = 0
        var lastError = 0
        /// Mean and sum of squared deviations of the distances, by Welford's recursion.
        var mean = 0.0
        var scatter = 0.0
        var best = -1.0

        var level: Double {
            mean + 2 * (errors > 1 ? (scatter / Double(errors - 1)).squareRoot() : 0)
        }
    }

    public init(warmUp: Int = 30, warningRatio: Double = 0.95, driftRatio: Double = 0.9) {
        precondition(
            driftRatio > 0 && driftRatio <= warningRatio && warningRatio < 1,
            "EDDM needs 0 < drift ratio ≤ warning ratio < 1, not \(driftRatio) and \(warningRatio)")
        self.warmUp = warmUp
        self.warningRatio = warningRatio
        self.driftRatio = driftRatio
    }

    /// A distance between errors is only defined for rows that are right or wrong.
    public func accepts(_ x: Double) -> Bool { x == 0 || x == 1 }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if verdict == .drift {
            run = Run()
            verdict = .stable
        }
        run.rows += 1
        observations += 1
        if x == 1 { takeError() }
        return verdict
    }

    private mutating func takeError() {
        let distance = Double(run.rows - run.lastError)
        run.errors += 1
        run.lastError = run.rows
        let step = distance - run.mean
        run.mean += step / Double(run.errors)
        run.scatter += step * (distance - run.mean)
        guard run.rows > warmUp else { return }
        let level = run.level
        if level > run.best {
            run.best = level
        } else if run.errors > warmUp {
            judge(level / run.best)
        }
    }

    private mutating func judge(_ ratio: Double) {
        let before = verdict
        verdict = ratio < driftRatio ? .drift : ratio < warningRatio ? .warning : .stable
        if before == .stable && verdict != .stable { changeBegan = observations - 1 }
    }

    public mutating func reset() {
        self = EDDM(warmUp: warmUp, warningRatio: warningRatio, driftRatio: driftRatio)
    }
}
