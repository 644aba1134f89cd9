/// The result of a test that two samples come from one distribution.
public struct TwoSampleTest: Sendable, Hashable, Codable {
    /// The size of the difference in the test's own unit.
    public let statistic: Double
    /// The chance of a difference at least as large where there is none, in 0…1.
    ///
    /// With many rows the tiniest difference is "significant": read the effect first.
    public let pValue: Double
    /// Where the statistic is referred to a chi-squared law.
    public let degreesOfFreedom: Int?
}

/// Pearson's chi-squared test that two histograms are samples of one distribution.
///
/// The table has two rows (current, reference) and a column for every bucket that is not empty in
/// both: X² = Σ (observed − expected)² / expected with k − 1 degrees of freedom, without Yates'
/// correction. Equal to `scipy.stats.chi2_contingency(correction=False)`. Expected counts below 5
/// make p-values rough. With fewer than two used buckets or an empty sample, p is 1.
///
/// - Parameters:
///   - current: rows a bucket now.
///   - reference: rows in the same buckets then.
public func chiSquared(of current: [Int], against reference: [Int]) -> TwoSampleTest {
    requireSameBuckets(current, reference)
    let (n, m) = (Double(current.reduce(0, +)), Double(reference.reduce(0, +)))
    let columns = zip(current, reference).filter { $0 + $1 > 0 }
    guard n > 0, m > 0, columns.count > 1 else {
        return TwoSampleTest(statistic: 0, pValue: 1, degreesOfFreedom: max(0, columns.count - 1))
    }
    let statistic = columns.reduce(0.0) { sum, column in
        let both = Double(column.0 + column.1)
        func term(_ observed: Int, _ rows: Double) -> Double {
            let expected = both * rows / (n + m)
            let gap = Double(observed) - expected
            return gap * gap / expected
        }
        return sum + term(column.0, n) + term(column.1, m)
    }
    let freedom = columns.count - 1
    return TwoSampleTest(
        statistic: statistic, pValue: chiSquaredSurvival(statistic, degreesOfFreedom: freedom),
        degreesOfFreedom: freedom)
}
