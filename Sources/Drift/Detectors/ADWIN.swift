import Glibc

/// ADWIN, the adaptive windowing detector: where in the recent past did the mean change?
///
/// It keeps a window as long as its values look alike. Every `clock` values each way of cutting
/// the window into an old part (n₀ values, mean μ₀) and a new part (n₁, μ₁) is tested; where
///
///     |μ₀ − μ₁| > √(2/m · σ² · ln(2 ln n / δ)) + 2/(3m) · ln(2 ln n / δ),   1/m = 1/n₀ + 1/n₁
///
/// the oldest values are dropped and drift is declared. The window is held in exponentially
/// growing buckets, so memory and time a value are O(log n). Values may have any unit.
/// Equal to `river.drift.ADWIN` index for index; like river's, it starts a new window with the
/// value after a detection. It gives no warnings and reacts to falls as well as to rises.
///
/// Use: as the witness of *when* a change began, beside `ShiryaevRoberts`. It measures against its
/// own past, not against a promise, and so accepts a slow decay as the new normal.
///
/// Source: Bifet and Gavaldà, *Learning from Time-Changing Data with Adaptive Windowing*, SDM 2007,
/// [doi:10.1137/1.9781611972771.42](https://doi.org/10.1137/1.9781611972771.42).
public struct ADWIN: DriftDetector, Codable {
    public static let name = "ADWIN"

    /// δ: the greatest chance of a false cut at one test, as the paper bounds it.
    public let delta: Double
    /// Values between two tests.
    public let clock: Int
    /// Buckets of one size before two of them are merged.
    public let maximumBuckets: Int
    /// The least number of values on each side of a cut.
    public let minimumWindow: Int
    /// Values to see before the first test.
    public let gracePeriod: Int

    public private(set) var verdict = Verdict.stable
    public private(set) var observations = 0

    /// Where the last drift's most telling cut lay: the index of the first value after it.
    ///
    /// Nearer to the change than the start of the window that is left, for the window only drops
    /// as many old values as it must. Its grain is the bucket, at most about a fifth of the distance back.
    public private(set) var lastCut: Int?

    /// How many times drift was declared.
    public private(set) var detections = 0

    private var window: ExponentialHistogram
    private var ticks = 0

    public init(
        delta: Double = 0.002, clock: Int = 32, maximumBuckets: Int = 5, minimumWindow: Int = 5,
        gracePeriod: Int = 10
    ) {
        precondition(delta > 0 && delta < 1, "δ must lie in (0, 1), not \(delta)")
        precondition(
            clock >= 1 && maximumBuckets >= 1 && minimumWindow >= 1,
            "clock, buckets and window must be at least 1, not \(clock), \(maximumBuckets), \(minimumWindow)")
        self.delta = delta
        self.clock = clock
        self.maximumBuckets = maximumBuckets
        self.minimumWindow = minimumWindow
        self.gracePeriod = gracePeriod
        window = ExponentialHistogram(maximumBuckets: maximumBuckets)
    }

    /// The number of values in the window.
    public var width: Int { window.count }

    /// The mean of the window; 0 where it is empty.
    public var estimation: Double { window.count == 0 ? 0 : window.total / Double(window.count) }

    /// The variance of the window (divided by its width).
    public var variance: Double { window.variance }

    public var changeBegan: Int? { lastCut }

    public func accepts(_ x: Double) -> Bool { x.isFinite }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if verdict == .drift {
            window = ExponentialHistogram(maximumBuckets: maximumBuckets)
            ticks = 0
            verdict = .stable
        }
        window.append(x)
        observations += 1
        ticks += 1
        guard ticks.isMultiple(of: clock), window.count > gracePeriod else { return verdict }
        guard let cut = strongestCut() else { return verdict }
        verdict = .drift
        lastCut = observations - window.count + cut
        detections += 1
        repeat { window.dropOldestBucket() } while strongestCut() != nil
        return verdict
    }

    public mutating func reset() {
        self = ADWIN(
            delta: delta, clock: clock, maximumBuckets: maximumBuckets, minimumWindow: minimumWindow,
            gracePeriod: gracePeriod)
    }

    /// The size of the old part at the cut that exceeds its bound by the greatest factor, if one does.
    private func strongestCut() -> Int? {
        guard window.count > 1 else { return nil }
        let bonus = log(2 * log(Double(window.count)) / delta)
        let variance = window.variance
        let least = Double(minimumWindow)
        var (n0, u0) = (0.0, 0.0)
        var (n1, u1) = (Double(window.count), window.total)
        var strongest = (excess: 1.0, cut: Int?.none)
        for (size, totals) in window.oldestFirst {
            for total in totals {
                n0 += size
                u0 += total
                n1 -= size
                u1 -= total
                guard n0 >= least, n1 >= least else { continue }
                let reciprocal = 1 / (n0 - least + 1) + 1 / (n1 - least + 1)
                let bound = (2 * reciprocal * variance * bonus).squareRoot() + 2.0 / 3 * bonus * reciprocal
                let excess = abs(u0 / n0 - u1 / n1) / bound
                if excess > strongest.excess { strongest = (excess, Int(n0)) }
            }
        }
        return strongest.cut
    }
}
