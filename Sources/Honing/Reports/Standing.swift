package import Drift
package import Foundation

/// How the live version stands: what `Status` and `DriftReport` both tell.
package struct Standing: Sendable {
    package var model: Status.Model
    package var accuracy: Status.Accuracy?
    package var evidence: Status.Evidence?
    package var inputs: [InputShift] = []
    package var alarm: Status.Alarm?
    /// How often each class was predicted among the rows that judged the version.
    package var classShares: [String: Double] = [:]

    package init(_ model: Status.Model) {
        self.model = model
    }

    /// Whether even the friendliest reading of the rows is worse than the promise.
    var breaksPromise: Bool {
        guard let accuracy, let promised = accuracy.baseline?.upper else { return false }
        return 1 - accuracy.upper > promised
    }
}

extension Status.Accuracy {
    /// - Parameters:
    ///   - errors: the sum of the bounded losses since promotion.
    ///   - needed: the labels without which nothing is said.
    package init(
        errors: Double, count: Int, needed: Int? = nil, since: Date, baseline: Baseline?, window: Window?
    ) {
        let wrong = binomialConfidenceSequence(
            errors: min(count, Int(errors.rounded())), count: count, alpha: 0.05)
        self.init(
            estimate: count == 0 ? 0 : 1 - errors / Double(count), lower: 1 - wrong.upperBound,
            upper: 1 - wrong.lowerBound, count: count, needed: needed, since: since, baseline: baseline,
            window: window)
    }
}

extension Status.Accuracy.Baseline {
    package init(_ baseline: Drift.Baseline) {
        self.init(errors: baseline.errors, count: baseline.count, upper: baseline.bound)
    }
}

extension Status.Accuracy.Window {
    /// - Parameter hasClasses: whether answers are classes, right or wrong.
    package init?(_ rows: some Collection<ReportRow>, hasClasses: Bool = true) {
        guard !rows.isEmpty else { return nil }
        let right = RightShare(rows.map(\.loss))
        self.init(
            count: rows.count, accuracy: right.value, lower: right.interval.lowerBound,
            upper: right.interval.upperBound,
            logLoss: rows.reduce(0) { $0 + $1.lossInNats } / Double(rows.count))
        guard hasClasses else { return }
        let labels = Set(rows.map(\.label)).union(rows.map(\.predicted)).sorted()
        let indices = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var confusion = ConfusionMatrix(classCount: labels.count)
        for row in rows { confusion.add(truth: indices[row.label]!, prediction: indices[row.predicted]!) }
        macroF1 = confusion.macroF1
        calibrationError = expectedCalibrationError(
            confidences: rows.map(\.confidence), isCorrect: rows.map(\.isCorrect))
    }
}

extension Status.Evidence {
    /// - Parameter labelsPerDay: the observed rate, to put the promise in days; `nil` where it is not known.
    package init(_ detector: ShiryaevRoberts, labelsPerDay: Double?) {
        self.init(
            detector: ShiryaevRoberts.name, logEvidence: detector.log10Evidence,
            logThreshold: detector.log10Threshold,
            averageRunLength: detector.averageRunLength,
            days: labelsPerDay.flatMap { $0 > 0 ? detector.averageRunLength / $0 : nil },
            verdict: Level(detector.verdict))
    }
}
