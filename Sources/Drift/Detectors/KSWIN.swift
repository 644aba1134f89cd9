/// KSWIN, Kolmogorov-Smirnov windowing: has the shape of a distribution changed, not only its mean?
///
/// Of the last `windowSize` values the newest `sampleSize` = r are compared with r of the older
/// ones, drawn anew by lot for each test. Drift is declared when the two-sided Kolmogorov-Smirnov
/// test gives p ≤ α and the distance of the distribution functions exceeds 0.1; the next value
/// starts an empty window. It gives no warnings. Values may have any unit.
///
/// The lot is drawn from a seeded `SplitMix64`, so the same stream gives the same indices here; the
/// reference `river.drift.KSWIN` draws from Python's Mersenne Twister and finds other ones. Where
/// the window is twice the sample nothing is left to chance, and both agree index for index.
///
/// A test with every value has no run-length promise: at the defaults it errs about once in 800
/// values of an unchanged continuous stream. It witnesses the shape of such a figure; of rows that
/// are right or wrong it sees next to nothing, for they tie.
///
/// Memory O(windowSize), time O(r log r) a value.
///
/// Source: Raab, Heusinger and Schleif, *Reactive Soft Prototype Computing for Concept Drift
/// Streams*, [doi:10.1016/j.neucom.2019.11.111](https://doi.org/10.1016/j.neucom.2019.11.111).
public struct KSWIN: DriftDetector, Codable {
    public static let name = "KSWIN"

    /// α: the p-value at which drift is declared.
    public let alpha: Double
    /// Values in the whole window.
    public let windowSize: Int
    /// r: values on each side of a test, at most half the window.
    public let sampleSize: Int
    /// The seed of the lot.
    public let seed: UInt64

    public private(set) var verdict = Verdict.stable
    public private(set) var observations = 0
    public private(set) var changeBegan: Int?

    /// The least number of values that two distribution functions of r each must differ by.
    private let criticalGap: Int
    /// The newest values, a ring: the oldest lies at `oldest`.
    private var window: [Double] = []
    private var oldest = 0
    private var random: SplitMix64

    public init(alpha: Double = 0.005, windowSize: Int = 100, sampleSize: Int = 30, seed: UInt64 = 0) {
        precondition(alpha > 0 && alpha < 1, "α must lie in (0, 1), not \(alpha)")
        precondition(
            sampleSize > 0 && 2 * sampleSize <= windowSize,
            "a sample of \(sampleSize) does not fit twice into a window of \(windowSize)")
        self.alpha = alpha
        self.windowSize = windowSize
        self.sampleSize = sampleSize
        self.seed = seed
        random = SplitMix64(seed: seed)
        criticalGap =
            (1...sampleSize).first { gap in
                Double(gap) / Double(sampleSize) > 0.1
                    && smirnovSurvival(gap: gap * sampleSize, sampleSize, sampleSize) <= alpha
            } ?? .max
    }

    public func accepts(_ x: Double) -> Bool { x.isFinite }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if verdict == .drift {
            window.removeAll(keepingCapacity: true)
            oldest = 0
            verdict = .stable
        }
        if window.count < windowSize {
            window.append(x)
        } else {
            window[oldest] = x
            oldest = (oldest + 1) % windowSize
        }
        observations += 1
        if window.count == windowSize { judge() }
        return verdict
    }

    private mutating func judge() {
        let old = windowSize - sampleSize
        func value(_ age: Int) -> Double { window[(oldest + age) % windowSize] }
        let past = random.sample(sampleSize, of: old).map(value)
        let recent = (old..<windowSize).map(value)
        // Both sides hold r values, so the gap of the step functions is a whole number of 1/r.
        let gap = greatestGap(past.sorted(), recent.sorted()) / sampleSize
        guard gap >= criticalGap else { return }
        verdict = .drift
        changeBegan = observations - sampleSize
    }

    public mutating func reset() {
        self = KSWIN(alpha: alpha, windowSize: windowSize, sampleSize: sampleSize, seed: seed)
    }
}
