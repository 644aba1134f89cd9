/// The sums from which every label-based score of a stretch of rows follows.
///
/// A tally has a fixed size, k² + 3·15 numbers for k classes, takes a row in O(k) and merges in
/// O(k²): keep one an hour or a day, and the scores of any range of time are the merge of its parts,
/// equal to `Performance` over all of its rows. The AUROC alone needs the rows: see
/// `macroAreaUnderROC`.
public struct PerformanceTally: Sendable, Hashable, Codable {
    /// Bins of the calibration error.
    public static let bins = 15

    public private(set) var confusion: ConfusionMatrix
    /// Σ −ln p(truth), in nats.
    public private(set) var logLossSum = 0.0
    /// Σ of the rows' Brier scores.
    public private(set) var brierSum = 0.0
    /// Σ (1 if right, else 0) − confidence, by bin of confidence.
    private var calibrationGaps = Array(repeating: 0.0, count: Self.bins)

    public init(classCount: Int) { confusion = ConfusionMatrix(classCount: classCount) }

    public var count: Int { confusion.total }

    /// Counts one row; its probabilities are those that were served.
    public mutating func add(_ row: ScoredPrediction) {
        let (prediction, isCorrect) = (row.prediction, row.isCorrect)
        confusion.add(truth: row.truth, prediction: prediction)
        logLossSum += lossInNats(row.probabilities[row.truth])
        brierSum += Drift.brierScore([row.probabilities], truth: [row.truth]) ?? 0
        let confidence = row.probabilities[prediction]
        calibrationGaps[calibrationBin(confidence, of: Self.bins)] += (isCorrect ? 1 : 0) - confidence
    }

    /// Adds the rows of another stretch with the same labels.
    public mutating func merge(_ other: PerformanceTally) {
        confusion.merge(other.confusion)
        logLossSum += other.logLossSum
        brierSum += other.brierSum
        for bin in calibrationGaps.indices { calibrationGaps[bin] += other.calibrationGaps[bin] }
    }

    /// In nats; nil without rows.
    public var logLoss: Double? { count == 0 ? nil : logLossSum / Double(count) }

    /// In 0…2; nil without rows.
    public var brierScore: Double? { count == 0 ? nil : brierSum / Double(count) }

    /// Over 15 bins, in 0…1; nil without rows.
    public var expectedCalibrationError: Double? {
        count == 0 ? nil : calibrationGaps.reduce(0) { $0 + abs($1) } / Double(count)
    }

    /// The anytime-valid interval of the accuracy.
    public func accuracyInterval(alpha: Double = 0.05) -> ClosedRange<Double> {
        let error = binomialConfidenceSequence(errors: confusion.errors, count: count, alpha: alpha)
        return (1 - error.upperBound)...(1 - error.lowerBound)
    }
}
