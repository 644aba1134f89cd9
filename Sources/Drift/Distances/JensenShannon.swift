import Glibc

/// The Jensen-Shannon divergence of two histograms, in nats.
///
/// With shares p and q and their mean m = (p + q)/2, JS = ½ KL(p‖m) + ½ KL(q‖m). Range 0…ln 2
/// (0.693), symmetric, finite with empty buckets, no smoothing needed. An empty histogram differs
/// from nothing: 0.
///
/// Source: Lin, *Divergence measures based on the Shannon entropy*,
/// [doi:10.1109/18.61115](https://doi.org/10.1109/18.61115).
public func jensenShannonDivergence(of current: [Int], against reference: [Int]) -> Double {
    requireSameBuckets(current, reference)
    let (n, m) = (Double(current.reduce(0, +)), Double(reference.reduce(0, +)))
    guard n > 0, m > 0 else { return 0 }
    let sum = zip(current, reference).reduce(0.0) { sum, counts in
        let (p, q) = (Double(counts.0) / n, Double(counts.1) / m)
        let middle = (p + q) / 2
        return sum + (p > 0 ? p * log(p / middle) : 0) + (q > 0 ? q * log(q / middle) : 0)
    }
    return min(max(0, sum / 2), log(2))
}

/// The Jensen-Shannon distance: the square root of the divergence, a metric.
///
/// Range 0…0.833 (√ln 2). Equal to `scipy.spatial.distance.jensenshannon` with its natural base.
public func jensenShannonDistance(of current: [Int], against reference: [Int]) -> Double {
    jensenShannonDivergence(of: current, against: reference).squareRoot()
}
