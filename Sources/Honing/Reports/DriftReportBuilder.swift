import Drift
import Foundation

/// Makes a report out of facts; a pure function of them.
package struct DriftReportBuilder {
    let facts: ReportFacts

    package init(_ facts: ReportFacts) {
        self.facts = facts
    }

    /// Points of the accuracy curve: enough to see, few enough to draw.
    private static let mostPoints = 60
    /// A point of fewer rows would say more about chance than about the model.
    private static let fewestRows = 50

    package func report() -> DriftReport {
        let events = ReportEvents(facts).sorted
        let (window, isSinceChange) = currentWindow
        let present = Status.Accuracy.Window(window, hasClasses: hasClasses)
        let classes = classReports(window)
        let cause = facts.causes.flatMap { causes in
            facts.standing?.moves == true ? CauseSearch(causes).report() : nil
        }
        return DriftReport(
            generatedAt: facts.now, since: facts.since, until: facts.until, modelName: facts.modelName,
            version: facts.standing?.model.version,
            headline: HeadlineWriter(
                facts: facts, present: present, isSinceChange: isSinceChange, classes: classes, cause: cause
            ).headline(),
            accuracy: facts.standing?.accuracy, evidence: facts.standing?.evidence, present: present,
            isSinceChange: isSinceChange, measure: hasClasses ? nil : facts.standing?.model.rowScore,
            series: series(), events: events, classes: classes, inputs: facts.standing?.inputs ?? [],
            slices: slices(window), worstSlices: facts.causes.map { SliceComparison.worst(of: $0.current) },
            openQuestion: facts.standing.flatMap { OpenQuestion($0) },
            labelFree: facts.labelFree.flatMap { LabelFreeReport($0) }, alerts: facts.alerts, cause: cause,
            versions: facts.versions, runs: facts.runs)
    }

    private var hasClasses: Bool { facts.standing?.model.hasClasses ?? true }

    /// The newest rows that the live version answered; after an alarm only those since the change,
    /// because what was before would hide it.
    private var currentWindow: (rows: ArraySlice<ReportRow>, isSinceChange: Bool) {
        guard let standing = facts.standing else { return ([], false) }
        let window = facts.rows.filter { $0.version == standing.model.version }.suffix(facts.settings.window)
        guard let change = standing.alarm?.changeBeganAt else { return (window, false) }
        let since = window.drop { $0.observedAt < change }
        return since.count >= Self.fewestRows / 2 ? (since, true) : (window, false)
    }

    // MARK: The curve

    private func series() -> [SeriesPoint] {
        let size = max(Self.fewestRows, (facts.rows.count + Self.mostPoints - 1) / Self.mostPoints)
        var points: [SeriesPoint] = []
        // A point never mixes two versions: the step at a swap is what one wants to see.
        for stretch in facts.rows.chunked(by: { $0.version == $1.version }) {
            var rest = stretch
            while !rest.isEmpty {
                // A last piece that would be too small to say anything joins the one before it.
                let count = rest.count < 2 * size ? (rest.count < size * 3 / 2 ? rest.count : size) : size
                points.append(point(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
        }
        return points
    }

    private func point(_ rows: ArraySlice<ReportRow>) -> SeriesPoint {
        let right = RightShare(rows.map(\.loss))
        return SeriesPoint(
            since: rows.first!.at, until: rows.last!.at, count: rows.count, accuracy: right.value,
            lower: right.interval.lowerBound, upper: right.interval.upperBound,
            logLoss: rows.reduce(0) { $0 + $1.lossInNats } / Double(rows.count), version: rows.first!.version)
    }

    // MARK: The parts

    private func classReports(_ window: ArraySlice<ReportRow>) -> [ClassReport] {
        guard let standing = facts.standing, hasClasses, !window.isEmpty else { return [] }
        // A label that the model does not know is a class of its own here: nothing is swept away.
        let unknown = Set(window.map(\.label)).subtracting(standing.model.labels).sorted()
        let change = facts.detections.last { $0.verdict == .drift && $0.isAboutPromise }?.changeBeganAt
        let before =
            change.map { change in facts.rows.prefix { $0.observedAt < change }.suffix(facts.settings.window)
            } ?? []
        return (standing.model.labels + unknown).map { label in
            let support = window.filter { $0.label == label }
            let predicted = window.filter { $0.predicted == label }
            let right = support.count { $0.predicted == label }
            let recall = support.isEmpty ? nil : wilson(right, of: support.count, confidence: 0.95)
            let supportBefore = before.filter { $0.label == label }
            return ClassReport(
                label: label, support: support.count, precision: share(right, predicted.count),
                recall: share(right, support.count), recallLower: recall?.lowerBound,
                recallUpper: recall?.upperBound,
                recallBefore: share(supportBefore.count { $0.predicted == label }, supportBefore.count),
                shareBefore: standing.classShares[label], shareNow: share(predicted.count, window.count))
        }
    }

    private func slices(_ window: ArraySlice<ReportRow>) -> [SliceReport] {
        let parts: [(String, (ReportRow) -> Bool)] = [
            ("short texts (up to 16 tokens)", { $0.tokens <= 16 }),
            ("middle texts (17 to 48 tokens)", { (17...48).contains($0.tokens) }),
            ("long texts (over 48 tokens)", { $0.tokens > 48 }),
            ("texts with unknown words", { $0.unknownTokens > 0 }),
            ("answers it was sure of (90 % and over)", { $0.confidence >= 0.9 }),
            ("answers it was unsure of (under 60 %)", { $0.confidence < 0.6 }),
        ]
        return parts.compactMap { name, belongs in
            let rows = window.filter(belongs)
            guard !rows.isEmpty else { return nil }
            let right = RightShare(rows.map(\.loss))
            return SliceReport(
                name: name, count: rows.count, accuracy: right.value, lower: right.interval.lowerBound,
                upper: right.interval.upperBound)
        }.sorted { ($0.accuracy, $0.name) < ($1.accuracy, $1.name) }
    }

    private func share(_ part: Int, _ whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}

extension Array {
    /// The array cut where two neighbours do not belong together.
    fileprivate func chunked(by belong: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
        var chunks: [ArraySlice<Element>] = []
        var start = startIndex
        for index in indices.dropFirst() where !belong(self[index - 1], self[index]) {
            chunks.append(self[start..<index])
            start = index
        }
        if start < endIndex { chunks.append(self[start...]) }
        return chunks
    }
}
