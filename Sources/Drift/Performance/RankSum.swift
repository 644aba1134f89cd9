import Glibc

/// How one list of numbers ranks among another: the sums behind an AUROC and its test.
///
/// U counts the pairs in which the positive number is the greater, ties as half. Sums of several
/// strata (folds) add up, so that only numbers of one classifier are ever compared.
struct RankSum: Sendable, Hashable {
    /// U: pairs won.
    private(set) var won = 0.0
    private(set) var pairs = 0.0
    /// The variance of U where nothing differs, ties corrected.
    private(set) var variance = 0.0

    init() {}

    /// Values must not be NaN.
    init(_ positive: [Double], _ negative: [Double]) {
        guard !positive.isEmpty, !negative.isEmpty else { return }
        let all = (positive.map { ($0, true) } + negative.map { ($0, false) }).sorted { $0.0 < $1.0 }
        let (n, m) = (Double(positive.count), Double(negative.count))
        var (place, rankSum, ties) = (0, 0.0, 0.0)
        while place < all.count {
            var end = place
            var positives = 0
            while end < all.count && all[end].0 == all[place].0 {
                positives += all[end].1 ? 1 : 0
                end += 1
            }
            // Equal values share the mean of the ranks they take up.
            let size = Double(end - place)
            rankSum += Double(positives) * (Double(place) + (size + 1) / 2)
            ties += size * size * size - size
            place = end
        }
        won = rankSum - n * (n + 1) / 2
        pairs = n * m
        variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    }

    static func + (one: RankSum, other: RankSum) -> RankSum {
        var sum = one
        sum.won += other.won
        sum.pairs += other.pairs
        sum.variance += other.variance
        return sum
    }

    /// U/pairs, in 0…1: the chance that a random positive beats a random negative.
    var area: Double? { pairs > 0 ? won / pairs : nil }

    /// One-sided p of "positives rank higher", by the normal limit; 1 where nothing can be ranked.
    var pValue: Double {
        variance > 0 ? normalCDF(-(won - pairs / 2) / variance.squareRoot()) : 1
    }
}

/// The area under the receiver operating characteristic of a score: does it rank positives higher?
///
/// The chance that a random positive row has a greater score than a random negative one, ties as
/// half. ½ is guessing, 1 a perfect order. Equal to `sklearn.metrics.roc_auc_score`. Nil where a
/// side has no rows; rows with a score that is NaN are left out. O(n log n).
///
/// Source: Hanley and McNeil, [doi:10.1148/radiology.143.1.7063747](https://doi.org/10.1148/radiology.143.1.7063747).
public func areaUnderROC(scores: [Double], isPositive: [Bool]) -> Double? {
    precondition(
        scores.count == isPositive.count, "\(scores.count) scores for \(isPositive.count) rows")
    let rows = zip(scores, isPositive).filter { !$0.0.isNaN }
    return RankSum(rows.filter(\.1).map(\.0), rows.filter { !$0.1 }.map(\.0)).area
}

/// The mean over classes of the AUROC of "this class against all others".
///
/// Equal to `roc_auc_score(multi_class="ovr", average="macro")`, for two classes too, where both
/// areas are the same. Classes without a row, or with nothing but rows, have no area and are left
/// out, where scikit-learn refuses; nil where no class is left.
///
/// - Parameters:
///   - probabilities: a row of k numbers a prediction.
///   - truth: the true class index of each row.
public func macroAreaUnderROC(_ probabilities: [[Double]], truth: [Int]) -> Double? {
    requireRows(probabilities, truth)
    guard let classes = probabilities.first?.indices else { return nil }
    return mean(
        classes.compactMap { label in
            areaUnderROC(scores: probabilities.map { $0[label] }, isPositive: truth.map { $0 == label })
        })
}
