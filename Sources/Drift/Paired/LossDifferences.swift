/// What two models lost on the same rows where an answer can be partly right: the differences, row by row, and
/// what both lost in all. A multiset, for in which order rows come says nothing.
public struct LossDifferences: Sendable, Hashable, Codable {
    /// Champion's loss − challenger's, in [−1, 1], in rising order, and how often each occurs. Above 0 the
    /// challenger is better.
    public private(set) var values: [Double] = []
    public private(set) var counts: [Int] = []
    /// Σ loss, of losses in [0, 1].
    public private(set) var championLoss = 0.0
    public private(set) var challengerLoss = 0.0

    public init() {}

    /// Counts one row.
    public mutating func add(champion: Double, challenger: Double) {
        championLoss += champion
        challengerLoss += challenger
        // Differences that differ by what rounding leaves are the same.
        let value = ((champion - challenger) * 1e6).rounded() / 1e6
        let place = values.firstIndex { $0 >= value } ?? values.count
        if place < values.count, values[place] == value {
            counts[place] += 1
        } else {
            values.insert(value, at: place)
            counts.insert(1, at: place)
        }
    }

    public var count: Int { counts.reduce(0, +) }

    /// The mean difference; 0 without rows.
    public var mean: Double { count == 0 ? 0 : sum { $0 } / Double(count) }

    /// The mean of the squared differences; 0 without rows. Of losses that are 0 or 1 it is the share of rows
    /// on which the models differ.
    public var meanSquare: Double { count == 0 ? 0 : sum { $0 * $0 } / Double(count) }

    private func sum(_ term: (Double) -> Double) -> Double {
        zip(values, counts).reduce(0) { $0 + term($1.0) * Double($1.1) }
    }

    private var rows: [Double] {
        zip(values, counts).flatMap { Array(repeating: $0, count: $1) }
    }

    /// Replicates of which twenty lie in a tail of the probability α; no more than a second's work, which is
    /// still one in the smallest tail that fifty trials come to.
    static func replicates(alpha: Double) -> Int {
        min(100_000, max(2_000, Int(min(1e6, 20 / alpha).rounded(.up))))
    }

    /// The one-sided p-value of "the challenger is no better", by the paired bootstrap: of R lots of the rows,
    /// drawn with replacement, K have a mean of at most 0,
    ///
    ///     p = (K + 1)/(R + 1)
    ///
    /// Source: Davison and Hinkley, *Bootstrap Methods and their Application*,
    /// [doi:10.1017/CBO9780511802843](https://doi.org/10.1017/CBO9780511802843), section 4.2.
    ///
    /// - Parameter alpha: the significance that it will be held against, which decides R.
    /// - Returns: 1 without rows.
    public func pValue(alpha: Double) -> Double {
        let replicates = Self.replicates(alpha: alpha)
        let means = bootstrapMeans(rows, replicates: replicates, seed: Self.seed)
        guard !means.isEmpty else { return 1 }
        return Double(means.count { $0 <= 0 } + 1) / Double(replicates + 1)
    }

    /// The one-sided bounds of the mean difference: the lower and the upper quantile of the lots' means.
    /// −1 and 1 without rows.
    public func bounds(confidence: Double) -> (lower: Double, upper: Double) {
        requireConfidence(confidence)
        let alpha = 1 - confidence
        // Both ends of one interval have the confidence that each has alone.
        let interval = pairedBootstrap(
            rows, replicates: Self.replicates(alpha: alpha), confidence: max(1e-12, 1 - 2 * alpha),
            seed: Self.seed)
        return (interval?.lower ?? -1, interval?.upper ?? 1)
    }

    private static let seed: UInt64 = 1
}
