/// McNemar's exact one-sided test: could the challenger's lead be luck?
///
/// Of the b + c rows on which the models differ, each would favour either with probability ½ if
/// they were equally good: p = P(Bin(b + c, ½) ≥ b). Exact, no correction. Range 0…1; 1 where the
/// models never differ.
///
/// - Parameters:
///   - b: rows that only the challenger gets right.
///   - c: rows that only the champion gets right.
///
/// Source: McNemar, [doi:10.1007/BF02295996](https://doi.org/10.1007/BF02295996).
public func mcNemarExactOneSided(b: Int, c: Int) -> Double {
    precondition(b >= 0 && c >= 0, "paired counts cannot be negative: \(b), \(c)")
    return b == 0 ? 1 : regularizedBeta(0.5, Double(b), Double(c + 1))
}
