/// Whether a classifier can tell today's rows from the reference, and which rows gave it away.
///
/// A logistic regression learns to tell current from reference vectors on all folds but one and
/// scores the one it has not seen. If nothing has changed there is nothing to learn: the area under
/// the ROC stays about ½. Scores are compared within a fold only, each of which has its own
/// classifier; p is the one-sided rank-sum test over the folds (van Elteren).
///
/// Reading of `area`: the chance that a random new row looks newer than a random old one. 0.5 no
/// difference, up to 0.6 slight, from 0.7 on plain to see, 1 two different worlds. It says that
/// the inputs differ and shows which, not that the model suffers.
///
/// Columns are standardised over all rows first. The same seed gives the same folds.
/// O(folds · (n + m) · d²) a Newton step.
///
/// Source: Lopez-Paz and Oquab, *Revisiting Classifier Two-Sample Tests*,
/// [arXiv:1610.06545](https://arxiv.org/abs/1610.06545); Rabanser, Günnemann and Lipton, *Failing
/// Loudly*, [arXiv:1810.11953](https://arxiv.org/abs/1810.11953).
public struct DomainClassifier: Sendable, Hashable, Codable {
    /// The area under the ROC of rows that the classifier has not seen, in 0…1.
    public let area: Double
    /// The chance of such an area where nothing has changed.
    public let pValue: Double
    /// The log-odds of being new of each current row, in their order, out of fold.
    public let scores: [Double]
    /// The current rows that look no newer than half of the reference, as indices: half of them where nothing
    /// changed, none where no text of the old kind is left.
    public let familiar: [Int]
    public let referenceCount: Int

    /// Nil where a side has fewer rows than there are folds.
    public init?(current: [[Float]], reference: [[Float]], folds: Int = 5, seed: UInt64) {
        precondition(folds >= 2, "cross-fitting needs at least two folds, not \(folds)")
        guard current.count >= folds, reference.count >= folds else { return nil }
        var random = SplitMix64(seed: seed)
        let fold = [current.count, reference.count].flatMap { count in
            var fold = [Int](repeating: 0, count: count)
            for (place, row) in random.sample(count, of: count).enumerated() { fold[row] = place % folds }
            return fold
        }
        self.init(current: current, reference: reference, fold: fold, folds: folds)
    }

    /// - Parameter fold: the fold of each row, current rows first.
    package init(current: [[Float]], reference: [[Float]], fold: [Int], folds: Int) {
        let rows = Self.standardised(current + reference)
        let isCurrent = rows.indices.map { $0 < current.count }
        var scores = [Double](repeating: 0, count: rows.count)
        var familiar: [Int] = []
        var ranks = RankSum()
        for held in 0..<folds {
            let seen = rows.indices.filter { fold[$0] != held }
            let unseen = rows.indices.filter { fold[$0] == held }
            let model = LogisticRegression(seen.map { rows[$0] }, isPositive: seen.map { isCurrent[$0] })
            for row in unseen { scores[row] = model.score(rows[row]) }
            let old = unseen.filter { !isCurrent[$0] }.map { scores[$0] }.sorted()
            let now = unseen.filter { isCurrent[$0] }
            ranks = ranks + RankSum(now.map { scores[$0] }, old)
            if !old.isEmpty { familiar += now.filter { scores[$0] <= old[(old.count - 1) / 2] } }
        }
        area = ranks.area ?? 0.5
        pValue = ranks.pValue
        self.scores = Array(scores[..<current.count])
        self.familiar = familiar.sorted()
        referenceCount = reference.count
    }

    /// The current rows that look newest, as indices: the examples to show.
    public func mostTypical(_ count: Int) -> [Int] {
        Array(ranked { scores[$0] > scores[$1] }.prefix(count))
    }

    /// The current rows that look most like the reference, as indices: if they are judged worse than
    /// they used to be, it is not the new look of the texts.
    public func mostFamiliar(_ count: Int) -> [Int] {
        Array(ranked { scores[$0] < scores[$1] }.prefix(count))
    }

    private func ranked(_ isBefore: (Int, Int) -> Bool) -> [Int] {
        scores.indices.sorted { isBefore($0, $1) || (scores[$0] == scores[$1] && $0 < $1) }
    }

    /// Each column less its mean, in units of its standard deviation; constant columns become 0.
    private static func standardised(_ rows: [[Float]]) -> [[Double]] {
        let (n, d) = (Double(rows.count), rows[0].count)
        var means = [Double](repeating: 0, count: d)
        for row in rows { for place in 0..<d { means[place] += Double(row[place]) / n } }
        var scatter = [Double](repeating: 0, count: d)
        for row in rows {
            for place in 0..<d {
                let gap = Double(row[place]) - means[place]
                scatter[place] += gap * gap / n
            }
        }
        return rows.map { row in
            (0..<d).map { place in
                scatter[place] > 1e-24 ? (Double(row[place]) - means[place]) / scatter[place].squareRoot() : 0
            }
        }
    }
}
