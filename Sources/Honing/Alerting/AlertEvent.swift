import Drift
package import Foundation
package import Store

/// What somebody may want to be told.
public enum AlertKind: String, Codable, Sendable, CaseIterable {
    /// The live version broke its promise.
    case driftAlarm = "drift_alarm"
    /// Another version became live.
    case promotion
    /// The gate, or a comparison on live traffic, did not let a version through.
    case refusal
    /// An earlier version came back.
    case rollback
    /// A source could not be fetched several times in a row.
    case sourceFailing = "source_failing"
}

/// Something that happened and may be told.
///
/// It is read from the rows that the event left in the store, never handed over in memory: what a
/// daemon wrote before it was killed is told by the next one.
package struct AlertEvent: Sendable, Equatable {
    /// The row that it was read from, as in `detection/17`: the same each time that it is read.
    package var id: String
    package var kind: AlertKind
    package var at: Date
    package var version: Int?
    package var sentence: String

    package init(id: String, kind: AlertKind, at: Date, version: Int?, sentence: String) {
        self.id = id
        self.kind = kind
        self.at = at
        self.version = version
        self.sentence = sentence
    }
}

extension AlertEvent {
    /// Nil for what only measures a stream against its own past, and for warnings.
    package init?(_ detection: Detection) {
        let told = ReportDetection(detection)
        guard told.isAboutPromise, told.verdict == .drift, let id = detection.id else { return nil }
        self.init(
            id: "detection/\(id)", kind: .driftAlarm, at: detection.at, version: detection.modelVersion,
            sentence: "Version \(detection.modelVersion) is worse than it promised: evidence "
                + "\(magnitude(log10: detection.evidence)), alarm at "
                + "\(magnitude(log10: detection.threshold)).")
    }

    /// Nil for the first model, which nobody needs to be told of.
    package init?(_ promotion: Promotion) {
        guard promotion.kind != .initial, let id = promotion.id else { return nil }
        let isRollback = promotion.kind == .rollback
        let from = promotion.previousVersion.map { " instead of version \($0)" } ?? ""
        self.init(
            id: "promotion/\(id)", kind: isRollback ? .rollback : .promotion, at: promotion.at,
            version: promotion.version,
            sentence: "Version \(promotion.version) is live \(isRollback ? "again" : "now")\(from): "
                + promotion.reason.asSentence)
    }

    /// Nil for a run that was not refused.
    package init?(_ run: TrainingRun) {
        guard run.state == .refused, let id = run.id, let end = run.finishedAt else { return nil }
        self.init(
            id: "run/\(id)", kind: .refusal, at: end, version: run.challengerVersion,
            sentence: "Run \(id): " + (Self.sentence(of: run.verdict) ?? "refused by the gate.").asSentence)
    }

    /// Nil for a trial of a run, which the run itself tells of, and for one that was passed.
    package init?(_ gate: Gate) {
        guard gate.runID == nil, !gate.isPromoted, let id = gate.id else { return nil }
        let version = gate.version.map { "Version \($0): " } ?? ""
        self.init(
            id: "gate/\(id)", kind: .refusal, at: gate.at, version: gate.version,
            sentence: version + (Self.sentence(of: gate.verdict) ?? "refused by the gate.").asSentence)
    }

    /// Nil for a comparison that did not turn a version away; harm after the swap is told as a rollback.
    package init?(_ rollout: StoredRollout) {
        guard rollout.outcome == .back, rollout.stage != "probation", let id = rollout.id,
            let end = rollout.endedAt
        else { return nil }
        self.init(
            id: "rollout/\(id)", kind: .refusal, at: end, version: rollout.version,
            sentence: "Version \(rollout.version) did harm as a \(rollout.stage) and is not promoted"
                + (rollout.sentence.map { ": " + $0.asSentence } ?? "."))
    }

    /// Nil for a source that failed less often in a row. A source that was fetched again and fails anew is
    /// another event.
    package init?(_ source: SourceRecord, after failures: Int) {
        guard source.consecutiveFailures >= failures, let at = source.lastAttemptAt else { return nil }
        let spell = source.lastSuccessAt.map { "\(Int($0.timeIntervalSince1970 * 1_000))" } ?? "never"
        self.init(
            id: "source/\(source.name)/\(spell)", kind: .sourceFailing, at: at, version: nil,
            sentence: "Source \(source.name) failed \(counted(source.consecutiveFailures, "time")) in a row: "
                + (source.lastError ?? "no reason given").asSentence)
    }

    private static func sentence(of verdict: String?) -> String? {
        verdict.flatMap { try? JSONDecoder().decode(TrialVerdict.self, from: Data($0.utf8)) }?.sentence
    }
}

extension Database {
    /// How many of the newest rows of each kind are looked at: far more than happen between two looks.
    private static let newest = 50

    /// What happened since a time, the oldest first.
    package func alertEvents(since start: Date, sourceFailures: Int) async throws -> [AlertEvent] {
        var found = try await detections(since: start).compactMap { AlertEvent($0) }
        found += try await promotions(limit: Self.newest).compactMap { AlertEvent($0) }
        found += try await runs(limit: Self.newest).compactMap { AlertEvent($0) }
        found += try await gates(limit: Self.newest).compactMap { AlertEvent($0) }
        found += try await rollouts(limit: Self.newest).compactMap { AlertEvent($0) }
        found += try await sources().compactMap { AlertEvent($0, after: sourceFailures) }
        return found.filter { $0.at >= start }.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }
}
