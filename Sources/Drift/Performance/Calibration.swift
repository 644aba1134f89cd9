/// The expected calibration error: does a confidence of 0.9 mean nine right of ten?
///
/// Confidences are cut into `bins` equal intervals of [0, 1], each holding its lower end and the
/// last also 1; ECE = Σ (rows in bin / all rows) · |share right − mean confidence|. Range 0…1,
/// 0 is perfect. It depends on the number of bins and is biased upwards in small sets: compare
/// only like with like. Nil without rows.
///
/// torchmetrics' `CalibrationError(norm="l1")` bins alike, but gives a confidence of exactly 1 a
/// bin of its own.
///
/// - Parameters:
///   - confidences: the probability of the predicted class, one a row.
///   - isCorrect: whether the prediction was right.
///
/// Source: Guo, Pleiss, Sun and Weinberger, [arXiv:1706.04599](https://arxiv.org/abs/1706.04599).
public func expectedCalibrationError(confidences: [Double], isCorrect: [Bool], bins: Int = 15) -> Double? {
    precondition(
        confidences.count == isCorrect.count,
        "\(confidences.count) confidences for \(isCorrect.count) predictions")
    precondition(bins > 0, "a calibration error needs at least one bin")
    guard !confidences.isEmpty else { return nil }
    var gaps = Array(repeating: 0.0, count: bins)
    for (confidence, isCorrect) in zip(confidences, isCorrect) {
        gaps[calibrationBin(confidence, of: bins)] += (isCorrect ? 1 : 0) - confidence
    }
    return gaps.reduce(0) { $0 + abs($1) } / Double(confidences.count)
}

/// The bin of a confidence. A NaN or a number outside 0…1 is wrong by its whole amount wherever it is counted.
package func calibrationBin(_ confidence: Double, of bins: Int) -> Int {
    let place = confidence * Double(bins)
    return place.isFinite ? min(bins - 1, max(0, Int(max(-1, min(place, 1e9))))) : 0
}
