/// The Wasserstein distance W₁ of two lists of numbers: how far must each row be moved on average?
///
/// The area between the two empirical distribution functions, ∫ |F(x) − G(x)| dx, in the unit of
/// the values: 12 for token counts means that texts are 12 tokens longer or shorter. It is an
/// effect, not a test; ask `kolmogorovSmirnov` whether it could be chance. Equal to
/// `scipy.stats.wasserstein_distance`. Values that are not finite are left out; an empty list is at
/// no distance from anything: 0. O(n log n).
///
/// Source: Vaserstein (1969), in one dimension by Vallender,
/// [doi:10.1137/1118101](https://doi.org/10.1137/1118101).
public func wassersteinDistance(_ current: [Double], _ reference: [Double]) -> Double {
    let x = current.filter(\.isFinite).sorted()
    let y = reference.filter(\.isFinite).sorted()
    guard !x.isEmpty, !y.isEmpty else { return 0 }
    var (i, j, area) = (0, 0, 0.0)
    var last = min(x[0], y[0])
    while i < x.count || j < y.count {
        let next = min(i < x.count ? x[i] : .infinity, j < y.count ? y[j] : .infinity)
        let gap = abs(Double(i) / Double(x.count) - Double(j) / Double(y.count))
        area += gap * (next - last)
        while i < x.count && x[i] == next { i += 1 }
        while j < y.count && y[j] == next { j += 1 }
        last = next
    }
    return area
}

/// The Wasserstein distance of two histograms whose buckets stand at the given places.
///
/// Equal to `scipy.stats.wasserstein_distance` with the counts as weights. An empty histogram is at
/// no distance from anything: 0.
///
/// - Parameter places: where each bucket's rows are thought to lie, ascending, in any unit.
public func wassersteinDistance(
    of current: [Int], against reference: [Int], places: [Double]
) -> Double {
    requireSameBuckets(current, reference)
    precondition(
        places.count == current.count && zip(places, places.dropFirst()).allSatisfy { $0 < $1 },
        "\(current.count) buckets need as many ascending places, not \(places)")
    let (n, m) = (Double(current.reduce(0, +)), Double(reference.reduce(0, +)))
    guard n > 0, m > 0 else { return 0 }
    var (below, area) = ((current: 0, reference: 0), 0.0)
    for index in places.indices.dropLast() {
        below.current += current[index]
        below.reference += reference[index]
        let gap = abs(Double(below.current) / n - Double(below.reference) / m)
        area += gap * (places[index + 1] - places[index])
    }
    return area
}
