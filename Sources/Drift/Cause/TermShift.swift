import Glibc

/// A word or run of words that is used more, or less, than before.
public struct TermShift: Sendable, Hashable, Codable {
    public let term: String
    public let currentCount: Int
    public let referenceCount: Int
    /// The logarithm of the ratio of its odds now and then, in nats; positive where it rose.
    public let logOddsRatio: Double
    /// The same in standard errors: what terms are ranked by.
    public let z: Double

    /// Uses in a thousand terms now, per uses in a thousand then: "four times as often".
    public var timesAsOften: Double { exp(logOddsRatio) }
}

/// The terms that rose and fell most between two stretches of texts.
///
/// Log-odds with an informative Dirichlet prior: with y uses of a term among n in each stretch and a
/// prior of α₀ = `priorSize` imagined uses, spread as in both stretches together,
///
///     δ = ln (y₁ + α)/(n₁ + α₀ − y₁ − α) − ln (y₂ + α)/(n₂ + α₀ − y₂ − α)
///     z = δ / √( 1/(y₁ + α) + 1/(y₂ + α) )
///
/// so that rare words must do more than appear once, and common ones more than vary. Terms with
/// |z| below `threshold` are left out; 1.96 would let one term of twenty in by chance, the default
/// of 4 one of fifteen thousand.
///
/// - Returns: rising terms, the strongest first, and falling ones, the strongest first.
///
/// Source: Monroe, Colaresi and Quinn, *Fightin' Words*,
/// [doi:10.1093/pan/mpn018](https://doi.org/10.1093/pan/mpn018), equations 16, 18 and 22.
public func termShifts(
    of current: TermCounts, against reference: TermCounts, priorSize: Double = 1_000, threshold: Double = 4,
    limit: Int = 20
) -> (rising: [TermShift], falling: [TermShift]) {
    precondition(priorSize > 0, "a prior needs more than 0 imagined uses, not \(priorSize)")
    let (n1, n2) = (Double(current.total), Double(reference.total))
    guard n1 > 0, n2 > 0 else { return ([], []) }
    let shifts = Set(current.counts.keys).union(reference.counts.keys).compactMap { term -> TermShift? in
        let (first, second) = (current.counts[term] ?? 0, reference.counts[term] ?? 0)
        let (y1, y2) = (Double(first), Double(second))
        let prior = priorSize * (y1 + y2) / (n1 + n2)
        let rest = (n1 + priorSize - y1 - prior, n2 + priorSize - y2 - prior)
        // A stretch of one term only has no odds.
        guard rest.0 > 0, rest.1 > 0 else { return nil }
        let delta = log((y1 + prior) / rest.0) - log((y2 + prior) / rest.1)
        let z = delta / (1 / (y1 + prior) + 1 / (y2 + prior)).squareRoot()
        guard abs(z) >= threshold else { return nil }
        return TermShift(
            term: term, currentCount: first, referenceCount: second, logOddsRatio: delta, z: z)
    }
    let ranked = shifts.sorted { abs($0.z) == abs($1.z) ? $0.term < $1.term : abs($0.z) > abs($1.z) }
    return (Array(ranked.filter { $0.z > 0 }.prefix(limit)), Array(ranked.filter { $0.z < 0 }.prefix(limit)))
}
