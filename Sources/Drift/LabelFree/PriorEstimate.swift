/// How often each class occurs now, as estimated without labels.
public struct PriorEstimate: Sendable, Hashable, Codable {
    /// The shares of the classes, in label order; they add up to 1.
    public let shares: [Double]
    /// Steps that the estimation took; 0 for a closed form.
    public let iterations: Int

    /// Half the sum of |share − reference share|: the part of the rows that changed their class, 0…1.
    public func distance(from reference: [Double]) -> Double {
        precondition(reference.count == shares.count, "\(shares.count) and \(reference.count) classes")
        return zip(shares, reference).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }
}

/// The present class shares by expectation maximisation: the most likely ones if only they changed.
///
/// Under label shift p(x | class) is as it was, so with the training shares π_tr
///
///     rᵢₖ ∝ pₖ(xᵢ) · πₖ / π_tr,ₖ        πₖ ← meanᵢ rᵢₖ        until no share moves by 1e-6
///
/// Probabilities must be calibrated (`temperatureScaled`), or the answer is theirs, not the
/// stream's. Where p(x | class) has changed too, the answer is wrong and does not know it: on a
/// covariate shift a model corrected by it gets worse. Let nothing but a gate on labelled rows
/// accept such a correction. O(n k) a step. Nil without usable rows or where a training share is 0.
///
/// Source: Saerens, Latinne and Decaestecker, *Adjusting the outputs of a classifier to new a priori
/// probabilities*, [doi:10.1162/089976602753284446](https://doi.org/10.1162/089976602753284446);
/// calibration first: Alexandari, Kundaje and Shrikumar, [arXiv:1901.06852](https://arxiv.org/abs/1901.06852).
public func estimatePriors(
    of probabilities: [[Double]], trainingShares: [Double], tolerance: Double = 1e-6,
    maximumIterations: Int = 10_000
) -> PriorEstimate? {
    let k = trainingShares.count
    let rows = probabilities.filter { $0.count == k && $0.allSatisfy(\.isFinite) && $0.contains { $0 > 0 } }
    guard !rows.isEmpty, trainingShares.allSatisfy({ $0 > 0 && $0 <= 1 }) else { return nil }
    var shares = trainingShares
    for iteration in 1...maximumIterations {
        var sums = [Double](repeating: 0, count: k)
        for row in rows {
            let weights = (0..<k).map { max(0, row[$0]) * shares[$0] / trainingShares[$0] }
            let total = weights.reduce(0, +)
            guard total > 0 else { continue }
            for label in 0..<k { sums[label] += weights[label] / total }
        }
        let next = sums.map { $0 / Double(rows.count) }
        let moved = zip(shares, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
        shares = next
        if moved < tolerance || iteration == maximumIterations {
            return PriorEstimate(shares: shares, iterations: iteration)
        }
    }
    return nil
}

/// A row's probabilities where the classes occur with other shares than in training.
///
///     pₖ ← pₖ · πₖ/π_tr,ₖ, divided by their sum
public func priorCorrected(
    _ probabilities: [Double], from trainingShares: [Double], to shares: [Double]
) -> [Double] {
    precondition(
        probabilities.count == trainingShares.count && probabilities.count == shares.count,
        "probabilities and shares need the same classes")
    let weights = probabilities.indices.map {
        trainingShares[$0] > 0 ? probabilities[$0] * shares[$0] / trainingShares[$0] : 0
    }
    let sum = weights.reduce(0, +)
    return sum > 0 ? weights.map { $0 / sum } : probabilities
}
