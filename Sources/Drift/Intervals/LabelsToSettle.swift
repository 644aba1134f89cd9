import Glibc

/// How many labels it takes until an error rate can be told from a bound, if it is what it seems to be.
///
/// Robbins' sequence (`binomialConfidenceSequence`) excludes the bound m from the smallest n on with
///
///     ln B(np + ½, n(1 − p) + ½) − ln B(½, ½) − np ln m − n(1 − p) ln(1 − m) ≥ ln(1/α)
///
/// at the rate p. For large n the left side is n · kl(p, m) − ½ ln n + O(1), so the labels grow with the inverse
/// square of the distance to the bound. It is the number for the mean path of a stream: in simulations streams take up
/// to a fifth fewer on average, as evidence that luck has pushed over the line stays there, and four of five
/// take at most 1.5 times as many.
///
/// - Parameters:
///   - errorRate: p, in [0, 1].
///   - bound: m, in (0, 1): `Baseline.bound`.
///   - alpha: the chance of ever being wrong, in (0, 1).
/// - Returns: labels from the first on; nil where a billion do not settle it.
///
/// Source: Robbins, [doi:10.1214/aoms/1177696786](https://doi.org/10.1214/aoms/1177696786).
public func labelsToSettle(errorRate p: Double, bound m: Double, alpha: Double = 0.05) -> Int? {
    precondition(p >= 0 && p <= 1, "an error rate must lie in [0, 1], not \(p)")
    precondition(m > 0 && m < 1, "a bound must lie in (0, 1), not \(m)")
    precondition(alpha > 0 && alpha < 1, "α must lie in (0, 1), not \(alpha)")
    let limit = -log(alpha)
    func isSettled(_ count: Int) -> Bool {
        let (s, f) = (Double(count) * p, Double(count) * (1 - p))
        return logBeta(s + 0.5, f + 0.5) - logBeta(0.5, 0.5) - s * log(m) - f * log1p(-m) >= limit
    }
    var high = 1
    while !isSettled(high) {
        guard high < 1_000_000_000 else { return nil }
        high *= 2
    }
    var low = high / 2
    while high - low > 1 {
        let middle = (low + high) / 2
        if isSettled(middle) { high = middle } else { low = middle }
    }
    return high
}
