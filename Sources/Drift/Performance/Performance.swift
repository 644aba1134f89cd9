/// A prediction whose truth is known.
public struct ScoredPrediction: Sendable, Hashable, Codable {
    /// The true class index.
    public let truth: Int
    /// The served probabilities, in label order; the prediction is the greatest of them.
    public let probabilities: [Double]

    public init(truth: Int, probabilities: [Double]) {
        precondition(
            probabilities.indices.contains(truth),
            "class \(truth) in a row of \(probabilities.count) probabilities")
        self.truth = truth
        self.probabilities = probabilities
    }

    /// The index of the greatest probability, the first of equals.
    public var prediction: Int {
        probabilities.indices.max {
            probabilities[$0] < probabilities[$1] || ($0 > $1 && probabilities[$0] == probabilities[$1])
        }!
    }

    public var confidence: Double { probabilities[prediction] }
    public var isCorrect: Bool { prediction == truth }
}

/// How well a model did on a stretch of labelled rows: every headline number at once.
public struct Performance: Sendable, Hashable, Codable {
    public let count: Int
    public let errors: Int
    public let accuracy: Double
    /// The anytime-valid 95 % interval of the accuracy.
    public let accuracyInterval: ClosedRange<Double>
    public let balancedAccuracy: Double
    public let macroF1: Double
    /// In nats.
    public let logLoss: Double
    /// In 0…2.
    public let brierScore: Double
    /// Over 15 bins.
    public let expectedCalibrationError: Double
    public let confusion: ConfusionMatrix

    /// Nil where there are no rows: "not enough data" is not a score.
    public init?(of rows: [ScoredPrediction], classCount: Int) {
        guard !rows.isEmpty else { return nil }
        var confusion = ConfusionMatrix(classCount: classCount)
        for row in rows { confusion.add(truth: row.truth, prediction: row.prediction) }
        let truth = rows.map(\.truth)
        let probabilities = rows.map(\.probabilities)
        self.confusion = confusion
        count = confusion.total
        errors = confusion.errors
        accuracy = confusion.accuracy ?? 0
        let interval = binomialConfidenceSequence(
            errors: confusion.errors, count: confusion.total, alpha: 0.05)
        accuracyInterval = (1 - interval.upperBound)...(1 - interval.lowerBound)
        balancedAccuracy = confusion.balancedAccuracy ?? 0
        macroF1 = confusion.macroF1 ?? 0
        logLoss = Drift.logLoss(probabilities, truth: truth) ?? 0
        brierScore = Drift.brierScore(probabilities, truth: truth) ?? 0
        expectedCalibrationError =
            Drift.expectedCalibrationError(
                confidences: rows.map(\.confidence), isCorrect: rows.map(\.isCorrect)) ?? 0
    }
}
