import Glibc

/// The population stability index of two histograms: how far has a distribution shifted?
///
/// With shares pᵢ (current) and qᵢ (reference) of the same buckets,
///
///     PSI = Σ (pᵢ − qᵢ) ln(pᵢ / qᵢ),      pᵢ = (cᵢ + ½) / (n + k/2)
///
/// The half row added to each of the k buckets (Jeffreys' prior) keeps an empty bucket from making
/// the index infinite. Range 0…∞, in nats, symmetric. Reading: below 0.1 stable, up to 0.25 a
/// moderate shift, above it a large one. A small window is noisy:
/// see `populationStabilityIndexNoise`.
///
/// - Parameters:
///   - current: rows a bucket now.
///   - reference: rows in the same buckets then.
///
/// Source: Yurdakul and Naranjo, *Statistical properties of the population stability index*,
/// [doi:10.21314/JRMV.2020.227](https://doi.org/10.21314/JRMV.2020.227).
public func populationStabilityIndex(of current: [Int], against reference: [Int]) -> Double {
    requireSameBuckets(current, reference)
    let (p, q) = (smoothedShares(current), smoothedShares(reference))
    return zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * log($1.0 / $1.1) }
}

/// The index that two samples of one distribution show on average: (k − 1)(1/n + 1/m).
///
/// An index of that order says nothing; ask for more rows. Infinite for an empty sample.
public func populationStabilityIndexNoise(of current: [Int], against reference: [Int]) -> Double {
    requireSameBuckets(current, reference)
    let used = zip(current, reference).reduce(0) { $0 + ($1.0 + $1.1 > 0 ? 1 : 0) }
    let (n, m) = (Double(current.reduce(0, +)), Double(reference.reduce(0, +)))
    return Double(max(0, used - 1)) * (1 / n + 1 / m)
}

private func smoothedShares(_ counts: [Int]) -> [Double] {
    let total = Double(counts.reduce(0, +)) + Double(counts.count) / 2
    return counts.map { (Double($0) + 0.5) / total }
}

func requireSameBuckets(_ current: [Int], _ reference: [Int]) {
    precondition(
        current.count == reference.count && !current.isEmpty,
        "two histograms need the same buckets, not \(current.count) and \(reference.count)")
    precondition(
        current.allSatisfy { $0 >= 0 } && reference.allSatisfy { $0 >= 0 },
        "a bucket cannot hold fewer than 0 rows")
}
