import Glibc

/// An accuracy that is estimated from confidence alone, with the luck of the draw around it.
///
/// If a probability of 0.9 means nine right of ten, then the mean of the probabilities of the
/// predicted classes *is* the accuracy to be expected, and so is every score of the expected
/// confusion matrix
///
///     M[t][y] = Σ over rows predicted y of p(t | x)       F1ₜ = 2 M[t][t] / (rows predicted t + Σ M[t])
///
/// Hand in probabilities after `temperatureScaled`: uncalibrated ones make the estimate worthless.
/// Point estimates are equal to those of `nannyml.CBPE` for the same probabilities. The bands say
/// how much the truth of these very rows may differ by chance: each row is right with its own
/// probability, so Var(accuracy) = Σ p̂(1 − p̂)/n², and macro-F1 likewise to first order. They say
/// nothing about probabilities that have become wrong: read `caveat`.
///
/// Source: Garg et al., *Leveraging unlabeled data to predict out-of-distribution performance*,
/// [arXiv:2201.04234](https://arxiv.org/abs/2201.04234) (average confidence); Kivimäki et al. on CBPE,
/// [arXiv:2407.08649](https://arxiv.org/abs/2407.08649).
public struct ConfidenceBasedEstimate: Sendable, Hashable, Codable {
    /// What must stand beside every such estimate.
    public static let caveat =
        "Estimated from the model's own confidence, without labels. If the meaning of the texts has "
        + "changed, the model is wrong without knowing it, and this figure does not see it."

    public let count: Int
    /// The accuracy to be expected.
    public let accuracy: Double
    /// The standard error of the accuracy of these rows, if the probabilities are right.
    public let accuracyError: Double
    /// The macro-F1 to be expected, over the classes that are predicted or probable.
    public let macroF1: Double
    /// The standard error of the macro-F1 of these rows, if the probabilities are right.
    public let macroF1Error: Double
    /// M[truth][prediction]: rows to be expected.
    public let expectedConfusion: [[Double]]

    /// Nil without rows; rows with a probability that is not finite are left out.
    ///
    /// - Parameter probabilities: calibrated, k numbers a row that add up to 1.
    public init?(of probabilities: [[Double]]) {
        let rows = probabilities.filter { !$0.isEmpty && $0.allSatisfy(\.isFinite) }
        guard let k = rows.first?.count else { return nil }
        precondition(rows.allSatisfy { $0.count == k }, "rows of probabilities need the same classes")
        let predictions = rows.map { ScoredPrediction(truth: 0, probabilities: $0).prediction }
        var confusion = Array(repeating: Array(repeating: 0.0, count: k), count: k)
        var predicted = Array(repeating: 0.0, count: k)
        var (confidence, variance) = (0.0, 0.0)
        for (row, prediction) in zip(rows, predictions) {
            for truth in 0..<k { confusion[truth][prediction] += row[truth] }
            predicted[prediction] += 1
            confidence += row[prediction]
            variance += max(0, row[prediction] * (1 - row[prediction]))
        }
        let n = Double(rows.count)
        count = rows.count
        accuracy = confidence / n
        accuracyError = variance.squareRoot() / n
        expectedConfusion = confusion
        let scores = ExpectedF1(confusion: confusion, predicted: predicted)
        macroF1 = scores.macro
        macroF1Error = scores.standardError(rows, predictions)
    }

    /// Where the accuracy of these rows lies, if the probabilities are right; within 0…1.
    public func accuracyBand(confidence: Double) -> ClosedRange<Double> {
        band(accuracy, accuracyError, confidence)
    }

    /// Where the macro-F1 of these rows lies, if the probabilities are right; within 0…1.
    public func macroF1Band(confidence: Double) -> ClosedRange<Double> {
        band(macroF1, macroF1Error, confidence)
    }

    private func band(_ centre: Double, _ error: Double, _ confidence: Double) -> ClosedRange<Double> {
        let reach = twoSidedQuantile(confidence: confidence) * error
        return max(0, centre - reach)...min(1, centre + reach)
    }
}

/// One-vs-rest F1 from an expected confusion matrix.
private struct ExpectedF1 {
    /// Rows predicted t + rows expected t: the denominator of F1ₜ.
    let sizes: [Double]
    let scores: [Double]
    let used: Int

    init(confusion: [[Double]], predicted: [Double]) {
        let sizes = confusion.indices.map { predicted[$0] + confusion[$0].reduce(0, +) }
        self.sizes = sizes
        scores = confusion.indices.map { sizes[$0] > 0 ? 2 * confusion[$0][$0] / sizes[$0] : 0 }
        used = sizes.count { $0 > 0 }
    }

    var macro: Double { scores.reduce(0, +) / Double(max(1, used)) }

    /// The delta method: a row that turns out to be t moves the macro-F1 by (2·[ŷ = t] − F1ₜ)/sizeₜ/k.
    func standardError(_ rows: [[Double]], _ predictions: [Int]) -> Double {
        var variance = 0.0
        for (row, prediction) in zip(rows, predictions) {
            var (mean, square) = (0.0, 0.0)
            for truth in row.indices where sizes[truth] > 0 {
                let move = ((truth == prediction ? 2 : 0) - scores[truth]) / sizes[truth]
                mean += row[truth] * move
                square += row[truth] * move * move
            }
            variance += max(0, square - mean * mean)
        }
        return variance.squareRoot() / Double(max(1, used))
    }
}

/// Probabilities as they would be at the temperature T: pᵢ^(1/T) / Σ pⱼ^(1/T).
///
/// Equal to softmax(logits / T) for probabilities that are the softmax of logits, so nothing but
/// the served row is needed. T is `fitTemperature`'s, from held-out rows. Probabilities of 0 stay 0.
///
/// Source: Guo, Pleiss, Sun and Weinberger, [arXiv:1706.04599](https://arxiv.org/abs/1706.04599).
public func temperatureScaled(_ probabilities: [Double], by temperature: Double) -> [Double] {
    precondition(temperature > 0, "a temperature must be positive, not \(temperature)")
    guard let top = probabilities.max(), top > 0 else { return probabilities }
    let weights = probabilities.map { pow(max(0, $0) / top, 1 / temperature) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
}
