import Glibc

/// The one-sided lower bound of the rise in accuracy Δ = (b − c)/n, by Agresti and Min.
///
/// Half a row is added to each kind of disagreement and two rows to the count:
///
///     b' = b + ½   c' = c + ½   n' = n + 2   Δ' = (b' − c')/n'
///     SE = √(b' + c' − (b' − c')²/n') / n'   bound = Δ' − z·SE
///
/// which covers the truth nearly as often as promised even where nothing or almost nothing differs.
/// The unit is a share: −0.02 is two percentage points lost.
///
/// Source: Agresti and Min, *Simple improved confidence intervals for comparing matched
/// proportions*, [doi:10.1002/sim.1781](https://doi.org/10.1002/sim.1781).
public func agrestiMinLowerBound(b: Int, c: Int, n: Int, confidence: Double) -> Double {
    let (centre, error) = agrestiMin(b, c, n)
    return max(-1, centre - normalQuantile(confidence) * error)
}

/// The one-sided upper bound of the rise in accuracy, by the same method.
public func agrestiMinUpperBound(b: Int, c: Int, n: Int, confidence: Double) -> Double {
    let (centre, error) = agrestiMin(b, c, n)
    return min(1, centre + normalQuantile(confidence) * error)
}

private func agrestiMin(_ b: Int, _ c: Int, _ n: Int) -> (centre: Double, error: Double) {
    precondition(b >= 0 && c >= 0 && b + c <= n, "b = \(b) and c = \(c) do not fit into n = \(n) rows")
    let (b, c, n) = (Double(b) + 0.5, Double(c) + 0.5, Double(n) + 2)
    return ((b - c) / n, (b + c - (b - c) * (b - c) / n).squareRoot() / n)
}
