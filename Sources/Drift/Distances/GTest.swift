import Glibc

/// The G-test (likelihood ratio) that two histograms are samples of one distribution.
///
/// Over the table of two rows and the buckets that are not empty in both,
///
///     G = 2 Σ observed · ln(observed / expected)        with k − 1 degrees of freedom
///
/// Equal to `scipy.stats.chi2_contingency(correction=False, lambda_="log-likelihood")`. G/(2N) is
/// the mutual information of bucket and sample in nats: parts of G add up over refinements of the
/// buckets, which Pearson's X² does not. With fewer than two used buckets or an empty sample p is 1.
///
/// - Parameters:
///   - current: rows a bucket now.
///   - reference: rows in the same buckets then.
///
/// Source: Woolf, *The log likelihood ratio test*,
/// [doi:10.1111/j.1469-1809.1972.tb00293.x](https://doi.org/10.1111/j.1469-1809.1972.tb00293.x).
public func gTest(of current: [Int], against reference: [Int]) -> TwoSampleTest {
    requireSameBuckets(current, reference)
    let (n, m) = (Double(current.reduce(0, +)), Double(reference.reduce(0, +)))
    let columns = zip(current, reference).filter { $0 + $1 > 0 }
    let freedom = max(0, columns.count - 1)
    guard n > 0, m > 0, freedom > 0 else {
        return TwoSampleTest(statistic: 0, pValue: 1, degreesOfFreedom: freedom)
    }
    let half = columns.reduce(0.0) { sum, column in
        let both = Double(column.0 + column.1)
        func term(_ observed: Int, _ rows: Double) -> Double {
            observed == 0 ? 0 : Double(observed) * log(Double(observed) * (n + m) / (both * rows))
        }
        return sum + term(column.0, n) + term(column.1, m)
    }
    let statistic = max(0, 2 * half)
    return TwoSampleTest(
        statistic: statistic, pValue: chiSquaredSurvival(statistic, degreesOfFreedom: freedom),
        degreesOfFreedom: freedom)
}
