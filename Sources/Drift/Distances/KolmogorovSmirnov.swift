import Glibc

/// The two-sample Kolmogorov-Smirnov test that two lists of numbers come from one distribution.
///
/// The statistic is the greatest distance between the two empirical distribution functions, in
/// 0…1. Two-sided. Up to n·m = `exactLimit` (four million) the p-value is exact, by counting
/// lattice paths, and equals SciPy's `ks_2samp(method="exact")`; beyond it is Kolmogorov's limit
/// at √(nm/(n + m))·D. Ties make the exact p-value conservative. NaNs are left out; an empty list
/// gives a p-value of 1.
///
/// Source: Hodges, *The significance probability of the Smirnov two-sample test*,
/// [doi:10.1007/BF02589501](https://doi.org/10.1007/BF02589501).
public func kolmogorovSmirnov(_ current: [Double], _ reference: [Double]) -> TwoSampleTest {
    let x = current.filter { !$0.isNaN }.sorted()
    let y = reference.filter { !$0.isNaN }.sorted()
    guard !x.isEmpty, !y.isEmpty else { return TwoSampleTest(statistic: 0, pValue: 1, degreesOfFreedom: nil) }
    let (n, m) = (x.count, y.count)
    let gap = greatestGap(x, y)
    let statistic = Double(gap) / (Double(n) * Double(m))
    let exactLimit = 4_000_000
    let pValue: Double
    if n.multipliedReportingOverflow(by: m).partialValue <= exactLimit {
        pValue = smirnovSurvival(gap: gap, n, m)
    } else {
        let size = (Double(n) * Double(m) / Double(n + m)).squareRoot()
        pValue = kolmogorovSurvival(size * statistic)
    }
    return TwoSampleTest(statistic: statistic, pValue: pValue, degreesOfFreedom: nil)
}

/// n·m times the greatest distance of the empirical distribution functions of two sorted lists, without rounding.
func greatestGap(_ x: [Double], _ y: [Double]) -> Int {
    var (i, j, gap) = (0, 0, 0)
    while i < x.count && j < y.count {
        let value = min(x[i], y[j])
        while i < x.count && x[i] == value { i += 1 }
        while j < y.count && y[j] == value { j += 1 }
        gap = max(gap, abs(i * y.count - j * x.count))
    }
    return gap
}

/// P(n·m·D ≥ gap) for two samples of one continuous law: the share of lattice paths from (0, 0) to (n, m) that touch a point with |i·m − j·n| ≥ gap.
///
/// A random path reaches (i, j) from (i − 1, j) with probability i/(i + j). Counting the paths
/// that *do* touch adds positive numbers only, so small p-values lose no digits.
func smirnovSurvival(gap: Int, _ n: Int, _ m: Int) -> Double {
    guard gap > 0 else { return 1 }
    var column = [Double](repeating: 0, count: m + 1)
    for i in 0...n {
        for j in 0...m {
            if abs(i * m - j * n) >= gap {
                column[j] = 1
            } else if i + j == 0 {
                column[j] = 0
            } else {
                let fromLeft = i > 0 ? column[j] * Double(i) : 0
                let fromBelow = j > 0 ? column[j - 1] * Double(j) : 0
                column[j] = (fromLeft + fromBelow) / Double(i + j)
            }
        }
    }
    return min(1, column[m])
}
