import Glibc

/// STEPD, the Statistical Test of Equal Proportions: are the newest rows worse than all before them?
///
/// With r₀ right of the n₀ older rows, r₁ of the newest n₁ = `window`, and p̂ = (r₀ + r₁)/(n₀ + n₁),
///
///     T = ( |r₀/n₀ − r₁/n₁| − ½(1/n₀ + 1/n₁) ) / √( p̂(1 − p̂)(1/n₀ + 1/n₁) )
///
/// and p = P(N > T), one-sided: where accuracy fell, p < α_w is a warning and p < α_d drift; the
/// next value starts afresh. A verdict needs as many older rows as newest ones. Rows are 0 (right)
/// or 1 (wrong). T² is Pearson's chi-squared with Yates' correction, as SciPy has it
/// (`chi2_contingency`), while the two accuracies differ by more than the correction.
///
/// A test with every row at a fixed level has no run-length promise: for comparison only.
/// O(1) a value, memory of `window` rows.
///
/// Source: Nishida and Yamauchi, *Detecting Concept Drift Using Statistical Testing*, DS 2007,
/// [doi:10.1007/978-3-540-75488-6_27](https://doi.org/10.1007/978-3-540-75488-6_27).
public struct STEPD: DriftDetector, Codable {
    public static let name = "STEPD"

    /// Rows that count as newest.
    public let window: Int
    /// α_d: the p-value below which drift is declared.
    public let driftLevel: Double
    /// α_w: the p-value below which a warning is given.
    public let warningLevel: Double

    public private(set) var verdict = Verdict.stable
    public private(set) var observations = 0

    /// Where the present or last warning began.
    public private(set) var changeBegan: Int?

    private var olderRows = 0
    private var olderErrors = 0
    /// The newest rows, a ring: the oldest lies at `oldest`.
    private var newest: [Bool] = []
    private var oldest = 0
    private var newestErrors = 0

    public init(window: Int = 30, driftLevel: Double = 0.003, warningLevel: Double = 0.05) {
        precondition(window > 0, "the newest rows must be at least one, not \(window)")
        requireConfidences(drift: driftLevel, warning: warningLevel)
        self.window = window
        self.driftLevel = driftLevel
        self.warningLevel = warningLevel
    }

    public func accepts(_ x: Double) -> Bool { x == 0 || x == 1 }

    /// p of the test as it stands; 1 where there are too few rows or accuracy did not fall.
    public var pValue: Double {
        guard newest.count == window, olderRows >= window else { return 1 }
        let (n0, n1) = (Double(olderRows), Double(window))
        let (older, newer) = (Double(olderErrors) / n0, Double(newestErrors) / n1)
        guard newer > older else { return 1 }
        let pooled = Double(olderErrors + newestErrors) / (n0 + n1)
        let inverse = 1 / n0 + 1 / n1
        let error = (pooled * (1 - pooled) * inverse).squareRoot()
        return normalCDF(-(newer - older - inverse / 2) / error)
    }

    @discardableResult
    public mutating func update(_ x: Double) -> Verdict {
        guard accepts(x) else { return verdict }
        if verdict == .drift { forget() }
        let isError = x == 1
        if newest.count < window {
            newest.append(isError)
        } else {
            olderRows += 1
            olderErrors += newest[oldest] ? 1 : 0
            newestErrors -= newest[oldest] ? 1 : 0
            newest[oldest] = isError
            oldest = (oldest + 1) % window
        }
        newestErrors += isError ? 1 : 0
        observations += 1
        judge()
        return verdict
    }

    private mutating func judge() {
        let before = verdict
        let p = pValue
        verdict = p < driftLevel ? .drift : p < warningLevel ? .warning : .stable
        if before == .stable && verdict != .stable { changeBegan = observations - 1 }
    }

    private mutating func forget() {
        (olderRows, olderErrors, newestErrors, oldest) = (0, 0, 0, 0)
        newest.removeAll(keepingCapacity: true)
        verdict = .stable
    }

    public mutating func reset() {
        self = STEPD(window: window, driftLevel: driftLevel, warningLevel: warningLevel)
    }
}
