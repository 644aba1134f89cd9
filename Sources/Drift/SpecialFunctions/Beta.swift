import Glibc

/// The regularised incomplete beta function Iₓ(a, b), in 0…1.
///
/// It is the distribution function of a Beta(a, b) variable, and the binomial tail:
/// P(Bin(n, p) ≥ k) = I_p(k, n − k + 1). Continued fraction of
/// [DLMF 8.17.22](https://dlmf.nist.gov/8.17), on the side where it converges fast.
package func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    precondition(a > 0 && b > 0, "Iₓ(a, b) needs a, b > 0, not a = \(a) and b = \(b)")
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    let mirrored = x > (a + 1) / (a + b + 2)
    let (y, p, q) = mirrored ? (1 - x, b, a) : (x, a, b)
    let front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b)) / p
    let tail =
        front
        * continuedFraction { step in
            guard step > 0 else { return (1, 1) }
            let m = Double(step / 2)
            let d =
                step.isMultiple(of: 2)
                ? m * (q - m) * y / ((p + 2 * m - 1) * (p + 2 * m))
                : -(p + m) * (p + q + m) * y / ((p + 2 * m) * (p + 2 * m + 1))
            return (d, 1)
        }
    return min(1, max(0, mirrored ? 1 - tail : tail))
}

/// The x at which Iₓ(a, b) = probability: the quantile of a Beta(a, b) variable.
///
/// Bisection down to neighbouring doubles; I is monotone, so nothing can go astray.
func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
    root(in: 0...1) { regularizedBeta($0, a, b) < probability }
}

/// The point where a monotone condition turns from true to false, by bisection.
///
/// - Parameter isBelow: true on the left of the point, false on its right.
func root(in range: ClosedRange<Double>, isBelow: (Double) -> Bool) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<1_100 {
        let middle = low + (high - low) / 2
        if middle <= low || middle >= high { break }
        if isBelow(middle) { low = middle } else { high = middle }
    }
    return high
}
