import Drift
import Foundation
import Store

extension ReportReader {
    /// Rows that are looked at on either side: enough to tell, few enough to read in a moment.
    private static let mostRows = 1_000
    /// Rows before them whose faults are counted.
    private static let mostIntake = 20_000
    /// Answers without a label that are looked at.
    private static let mostAnswers = 2_000

    /// What a cause is sought in; the rows to hold it against only where something moved.
    func causeFacts(
        _ standing: Standing, rows: [ReportRow], at now: Date
    ) async throws -> CauseFacts? {
        let (version, promotion) = (standing.model.version, standing.model.promotedAt)
        guard let stored = try await store.version(version) else { return nil }
        let onset = standing.moves ? DatedOnset(rows, version: version) : nil
        let newest = try await store.answeredExamples(
            ofVersion: version, since: promotion, limit: Self.mostRows)
        // A rise that no alarm speaks of may be chance: then the newest rows are the present.
        let start = standing.isBroken ? onset?.answeredAt : nil
        let changed = start.map { start in newest.filter { $0.outcome.scoredAt >= start } } ?? []
        let current = changed.count >= 30 ? changed : Array(newest.suffix(configuration.watching.window))
        guard let first = current.first else { return nil }
        let notes = try VersionNotes(stored).reference
        var facts = CauseFacts(
            labels: notes.labels, current: current.map(CauseRow.init), promisedErrors: notes.errors,
            promisedCount: notes.count, alarmStands: standing.isBroken, onset: onset)
        guard standing.moves else { return facts }
        let since = first.example.receivedAt
        facts.intake = (
            try await intake(from: since, to: now.addingTimeInterval(1)),
            try await intake(from: Date(timeIntervalSince1970: 0), to: since)
        )
        if let sketch = notes.sketch {
            facts.reference = try await referenceRows(sketch, labels: notes.labels)
            facts.referenceTokens = (sketch.tokens, sketch.unknownTokens)
        } else {
            // A version of an older Hone: what it answered before has to do.
            facts.referenceKind = .before
            facts.reference = try await store.answeredExamples(
                ofVersion: version, since: promotion, before: first.example.id, limit: Self.mostRows
            ).map(CauseRow.init)
        }
        return facts
    }

    /// The newest answers to clients, of a week at most; nil where there is nothing to read them by.
    func labelFreeFacts(_ standing: Standing, at now: Date) async throws -> LabelFreeFacts? {
        guard let stored = try await store.version(standing.model.version),
            let reference = try? VersionNotes(stored).reference, let sketch = reference.sketch
        else { return nil }
        let answers = try await store.newestPredictions(
            ofVersion: stored.version,
            since: max(standing.model.promotedAt, now.addingTimeInterval(-7 * 86_400)),
            limit: Self.mostAnswers)
        guard let oldest = answers.last?.createdAt else { return nil }
        return LabelFreeFacts(
            labels: stored.labels, probabilities: answers.map(\.probabilities), since: oldest,
            sketch: sketch,
            promised: reference.count > 0
                ? 1 - Double(reference.errors) / Double(reference.count) : nil)
    }

    private func intake(from start: Date, to end: Date) async throws -> CauseFacts.Intake {
        let count = try await store.intake(from: start, to: end, newest: Self.mostIntake)
        return CauseFacts.Intake(accepted: count.accepted, rejected: count.quarantined)
    }

    private func referenceRows(_ sketch: ReferenceSketch, labels: [String]) async throws -> [CauseRow] {
        let places = Dictionary(
            sketch.exampleIDs.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return try await store.examples(sketch.exampleIDs).compactMap { example in
            guard let place = places[example.id], labels.indices.contains(sketch.predictions[place]) else {
                return nil
            }
            return CauseRow(
                text: example.wholeText, label: example.label, predicted: labels[sketch.predictions[place]],
                confidence: sketch.confidences[place], source: example.source,
                at: example.observedAt ?? example.receivedAt)
        }
    }
}

extension CauseRow {
    init(_ row: AnsweredExample) {
        self.init(
            text: row.example.wholeText, label: row.outcome.label, predicted: row.outcome.predictedLabel,
            confidence: row.outcome.confidence, tokens: row.outcome.tokens,
            unknownTokens: row.outcome.unknownTokens, source: row.example.source,
            at: row.example.observedAt ?? row.example.receivedAt, metadata: row.example.metadata ?? [:],
            loss: row.outcome.loss)
    }
}

extension StoredExample {
    /// The text with its pair.
    fileprivate var wholeText: String { pair.map { text + " " + $0 } ?? text }
}

extension Standing {
    /// Whether the promise is broken, by the alarm or plainly.
    var isBroken: Bool { alarm != nil || breaksPromise }

    /// Whether there is anything that a cause may be sought for.
    var moves: Bool {
        isBroken || (evidence.map { $0.verdict != .stable } ?? false)
            || inputs.contains { $0.verdict != .stable }
    }
}
