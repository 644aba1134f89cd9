import Drift

/// Whether the live version keeps its promise, while nobody can say, and how many more labels settle it.
///
/// Part of the JSON of a `DriftReport` and of `hone label`: keys are added, never renamed. Shares are in [0, 1].
public struct OpenQuestion: Codable, Sendable, Equatable {
    /// The error from which on the promise counts as broken, tolerance included.
    public var bound: Double
    /// Labels so far, and the share of them that was answered wrongly; absent without labels.
    public var labels: Int
    public var errorRate: Double?
    /// Labels in all that settle it if the version is as good as when it was judged …
    public var asJudged: Int?
    /// … and if it is wrong five points more often than it promised.
    public var fivePointsWorse: Int?
    /// Further ones if it stays as it was so far; absent where that lies too near the bound, or rests on too little.
    public var more: Int?
    /// The question and its answer so far, for people.
    public var sentence: String

    /// Rows below which the error so far says nothing about the error to come.
    private static let fewestRows = 30

    /// Nil where the labels that are there settle it already.
    package init?(errors: Double, labels: Int, baseline: Status.Accuracy.Baseline) {
        let bound = min(max(baseline.upper, 1e-6), 1 - 1e-6)
        let errors = min(Double(labels), max(0, errors))
        let interval = binomialConfidenceSequence(errors: Int(errors.rounded()), count: labels, alpha: 0.05)
        guard interval.contains(bound) else { return nil }
        self.bound = bound
        self.labels = labels
        errorRate = labels > 0 ? errors / Double(labels) : nil
        asJudged = baseline.accuracy.flatMap { labelsToSettle(errorRate: 1 - $0, bound: bound) }
        fivePointsWorse = labelsToSettle(errorRate: min(1, bound + 0.05), bound: bound)
        more =
            labels < Self.fewestRows
            ? nil
            : labelsToSettle(errorRate: errors / Double(labels), bound: bound).map { max(1, $0 - labels) }
        sentence = ""
        sentence = words
    }

    private var words: String {
        let question = "That it keeps its promise, at most \(percent(bound)) wrong, is not beyond doubt"
        guard let errorRate, labels >= Self.fewestRows else {
            let cases = [
                asJudged.map { "\(counted($0, "label")) if it is as good as when it was judged" },
                fivePointsWorse.map { "\(grouped($0)) if it is five points worse than that" },
            ].compactMap(\.self)
            return question + " after \(counted(labels, "label"))"
                + (cases.isEmpty ? "." : ": about \(cases.joined(separator: ", ")) would settle it.")
        }
        let soFar = question + ": \(percent(errorRate)) of \(counted(labels, "label")) so far"
        return more.map { soFar + "; at that rate about \(grouped($0)) more would settle it." }
            ?? soFar + ", too near that for any number of labels to tell soon."
    }
}

extension OpenQuestion {
    /// The question about a live version; nil where its alarm has settled it, or there is no promise.
    package init?(_ standing: Standing) {
        guard standing.alarm == nil, standing.model.hasClasses, let accuracy = standing.accuracy,
            let baseline = accuracy.baseline, baseline.count > 0
        else { return nil }
        self.init(
            errors: (1 - accuracy.estimate) * Double(accuracy.count), labels: accuracy.count,
            baseline: baseline)
    }
}
