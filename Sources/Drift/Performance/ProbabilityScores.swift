import Glibc

/// The mean of −ln p(truth), in nats: 0 is perfect, ln k is guessing.
///
/// A probability below 2.2e-16 counts as that, so one absurd certainty cannot make the mean
/// infinite. Equal to `sklearn.metrics.log_loss` for rows that add up to 1. Nil without rows.
///
/// - Parameters:
///   - probabilities: a row of k numbers a prediction.
///   - truth: the true class index of each row.
public func logLoss(_ probabilities: [[Double]], truth: [Int]) -> Double? {
    requireRows(probabilities, truth)
    return mean(zip(probabilities, truth).map { row, truth in lossInNats(row[truth]) })
}

/// −ln p with p clipped to [2.2e-16, 1]: one row's part of `logLoss`.
public func lossInNats(_ probability: Double) -> Double {
    -log(min(1, max(probability, Double.ulpOfOne)))
}

/// The Brier score: the mean over rows of Σ over classes of (p − y)², y being 1 for the truth.
///
/// Brier's own multi-class form, in 0…2 (halve it for a loss in 0…1). Equal to
/// `brier_score_loss(scale_by_half=False)`. Nil without rows.
///
/// Source: Brier, [doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2](https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2).
public func brierScore(_ probabilities: [[Double]], truth: [Int]) -> Double? {
    requireRows(probabilities, truth)
    return mean(
        zip(probabilities, truth).map { row, truth in
            row.indices.reduce(0) { sum, index in
                let gap = row[index] - (index == truth ? 1 : 0)
                return sum + gap * gap
            }
        })
}

func requireRows(_ rows: [[Double]], _ truth: [Int]) {
    precondition(rows.count == truth.count, "\(rows.count) rows of scores for \(truth.count) true classes")
    precondition(
        zip(rows, truth).allSatisfy { $0.indices.contains($1) }, "a true class lies outside its row of scores"
    )
}
