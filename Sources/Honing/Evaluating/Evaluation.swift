import Corpus
import Drift
import Training
import Transformers

/// How good a model that tells classes apart is on rows whose class is known.
public struct Evaluation: Codable, Sendable, Equatable {
    public var count: Int
    public var accuracy: Double
    /// Wilson's 95 % interval: the rows are fixed and looked at once.
    public var interval: ClosedRange<Double>
    public var macroF1: Double
    /// In nats.
    public var logLoss: Double
    /// Expected calibration error over 15 bins.
    public var calibrationError: Double
    public var labels: [String]
    /// Rows: the truth. Columns: the prediction.
    public var confusion: [[Int]]
}

extension Evaluation {
    /// - Parameter truths: the index of each row's class.
    init(_ predictions: [Prediction], _ truths: [Int], of labels: LabelSet) {
        let scored = zip(predictions, truths).map { ScoredExample($0, label: $1, of: labels) }
        var confusion = ConfusionMatrix(classCount: labels.count)
        for row in scored {
            confusion.add(truth: row.label, prediction: labels.index(of: row.prediction.label)!)
        }
        let correct = scored.count { $0.isCorrect }
        self.init(
            count: scored.count, accuracy: Double(correct) / Double(max(1, scored.count)),
            interval: wilson(correct, of: scored.count, confidence: 0.95),
            macroF1: confusion.macroF1 ?? 0,
            logLoss: scored.reduce(0) { $0 + $1.lossInNats } / Double(max(1, scored.count)),
            calibrationError: expectedCalibrationError(
                confidences: scored.map { Double($0.prediction.confidence) },
                isCorrect: scored.map(\.isCorrect)) ?? 0,
            labels: labels.names, confusion: confusion.counts)
    }
}
