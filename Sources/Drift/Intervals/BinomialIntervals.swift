import Glibc

/// The exact two-sided interval for a proportion of k in n, for a set that is looked at once.
///
/// Lower end: the α/2 quantile of Beta(k, n − k + 1); upper end: the 1 − α/2 quantile of
/// Beta(k + 1, n − k). Its coverage is never below the confidence. n = 0 gives 0…1.
///
/// Source: Clopper and Pearson, Biometrika 26 (1934),
/// [doi:10.1093/biomet/26.4.404](https://doi.org/10.1093/biomet/26.4.404).
public func clopperPearson(_ k: Int, of n: Int, confidence: Double) -> ClosedRange<Double> {
    let each = (1 + confidence) / 2
    return clopperPearsonLower(k, of: n, confidence: each)...clopperPearsonUpper(k, of: n, confidence: each)
}

/// The exact one-sided upper bound for a proportion of k in n; 1 where n = 0 or k = n.
public func clopperPearsonUpper(_ k: Int, of n: Int, confidence: Double) -> Double {
    requireProportion(k, of: n)
    requireConfidence(confidence)
    return k == n ? 1 : betaQuantile(confidence, Double(k + 1), Double(n - k))
}

/// The exact one-sided lower bound for a proportion of k in n; 0 where n = 0 or k = 0.
public func clopperPearsonLower(_ k: Int, of n: Int, confidence: Double) -> Double {
    requireProportion(k, of: n)
    requireConfidence(confidence)
    return k == 0 ? 0 : betaQuantile(1 - confidence, Double(k), Double(n - k + 1))
}

/// Wilson's score interval for a proportion of k in n: cheap, smooth, right on average.
///
/// The rates p with |k/n − p| ≤ z √(p(1 − p)/n). Good for drawing bands; where a promise hangs on
/// the bound, take `clopperPearson`. n = 0 gives 0…1.
///
/// Source: Wilson, JASA 22 (1927), [doi:10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953).
public func wilson(_ k: Int, of n: Int, confidence: Double) -> ClosedRange<Double> {
    requireProportion(k, of: n)
    requireConfidence(confidence)
    guard n > 0 else { return 0...1 }
    let (count, p) = (Double(n), Double(k) / Double(n))
    let z = twoSidedQuantile(confidence: confidence)
    let centre = (p + z * z / (2 * count)) / (1 + z * z / count)
    let reach =
        z / (1 + z * z / count) * (p * (1 - p) / count + z * z / (4 * count * count)).squareRoot()
    let lower = k == 0 ? 0 : max(0, centre - reach)
    let upper = k == n ? 1 : min(1, centre + reach)
    return lower...upper
}

func requireConfidence(_ confidence: Double) {
    precondition(confidence > 0 && confidence < 1, "a confidence must lie in (0, 1), not \(confidence)")
}
