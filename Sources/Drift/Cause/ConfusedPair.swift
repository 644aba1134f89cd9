/// Two labels of which one is taken for the other, before and now.
public struct ConfusedPair: Sendable, Hashable, Codable {
    /// The class that the rows have.
    public let truth: Int
    /// The class that they were taken for.
    public let prediction: Int
    public let currentCount: Int
    public let referenceCount: Int
    /// The part of the class's rows that is taken for the other now, in 0…1.
    public let currentShare: Double
    /// The same before.
    public let referenceShare: Double
    /// Two-sided p of Pearson's test that both shares are one, corrected by Holm over all pairs.
    public let correctedPValue: Double

    /// By how much the confusion grew, as a share of the class's rows.
    public var rise: Double { currentShare - referenceShare }
}

/// The pairs of labels whose confusion changed, the greatest change first.
///
/// Shares are of the rows of the true class, so that a class that became frequent does not look
/// confused. Classes without rows on a side cannot be compared and are left out.
public func confusedPairs(
    of current: ConfusionMatrix, against reference: ConfusionMatrix
) -> [ConfusedPair] {
    precondition(
        current.counts.count == reference.counts.count,
        "matrices of \(current.counts.count) and \(reference.counts.count) classes cannot be compared")
    let pairs = current.counts.indices.flatMap { truth in
        current.counts.indices.filter { $0 != truth }.map { (truth, $0) }
    }
    let found = pairs.compactMap { truth, prediction -> (ConfusedPair, Double)? in
        let (n, m) = (current.counts[truth].reduce(0, +), reference.counts[truth].reduce(0, +))
        let (a, b) = (current.counts[truth][prediction], reference.counts[truth][prediction])
        guard n > 0, m > 0, a + b > 0 else { return nil }
        let test = chiSquared(of: [a, n - a], against: [b, m - b])
        let pair = ConfusedPair(
            truth: truth, prediction: prediction, currentCount: a, referenceCount: b,
            currentShare: Double(a) / Double(n), referenceShare: Double(b) / Double(m), correctedPValue: 1)
        return (pair, test.pValue)
    }
    let corrected = zip(found, holmCorrected(found.map(\.1))).map { found, p in
        ConfusedPair(
            truth: found.0.truth, prediction: found.0.prediction, currentCount: found.0.currentCount,
            referenceCount: found.0.referenceCount, currentShare: found.0.currentShare,
            referenceShare: found.0.referenceShare, correctedPValue: p)
    }
    return corrected.sorted {
        abs($0.rise) == abs($1.rise)
            ? ($0.truth, $0.prediction) < ($1.truth, $1.prediction) : abs($0.rise) > abs($1.rise)
    }
}
