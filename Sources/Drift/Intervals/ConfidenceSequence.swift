import Glibc

/// An interval for an error rate that holds at all times at once, however often one looks.
///
/// Robbins' beta-binomial mixture: with S errors among t rows,
///
///     { p : ln B(S + ½, t − S + ½) − ln B(½, ½) − S ln p − (t − S) ln(1 − p) < ln(1/α) }
///
/// The chance that the true rate *ever* leaves the interval is at most α, so it may be read after
/// every label and a decision may stop whenever it likes. For a set that is looked at once,
/// `clopperPearson` is narrower.
///
/// - Parameters:
///   - errors: S, in 0…count.
///   - count: t, 0 or more; the interval of no rows is 0…1.
///   - alpha: the chance of ever being wrong, in (0, 1).
/// - Returns: the error rates that cannot be excluded, in 0…1.
///
/// Source: Robbins, *Statistical methods related to the law of the iterated logarithm* (1970),
/// [doi:10.1214/aoms/1177696786](https://doi.org/10.1214/aoms/1177696786).
public func binomialConfidenceSequence(errors: Int, count: Int, alpha: Double) -> ClosedRange<Double> {
    requireProportion(errors, of: count)
    precondition(alpha > 0 && alpha < 1, "α must lie in (0, 1), not \(alpha)")
    guard count > 0 else { return 0...1 }
    let (s, f) = (Double(errors), Double(count - errors))
    let mixture = logBeta(s + 0.5, f + 0.5) - logBeta(0.5, 0.5)
    let limit = -log(alpha)
    // Zero rows contribute nothing even at p = 0 or 1, where the logarithm is −∞.
    func isExcluded(_ p: Double) -> Bool {
        mixture - (s > 0 ? s * log(p) : 0) - (f > 0 ? f * log1p(-p) : 0) >= limit
    }
    let estimate = s / Double(count)
    let lower = errors == 0 ? 0 : root(in: 0...estimate, isBelow: isExcluded)
    let upper = errors == count ? 1 : root(in: estimate...1) { !isExcluded($0) }
    return min(lower, estimate)...max(upper, estimate)
}

func requireProportion(_ part: Int, of count: Int) {
    precondition(part >= 0 && part <= count, "a part must lie in 0…count, not \(part) of \(count)")
}
