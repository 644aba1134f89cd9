import Corpus
import Drift
import Foundation
import Store
import Training
import Transformers

// From the rows of the store to the words of status and report.

extension ReportRow {
    init(_ row: ScoredRow) {
        let outcome = row.outcome
        self.init(
            at: outcome.scoredAt, label: outcome.label, predicted: outcome.predictedLabel, loss: outcome.loss,
            lossInNats: outcome.lossInNats, confidence: outcome.confidence, tokens: outcome.tokens,
            unknownTokens: outcome.unknownTokens, version: outcome.modelVersion,
            observedAt: row.observedAt ?? row.receivedAt)
    }
}

extension ReportDetection {
    init(_ detection: Detection) {
        self.init(
            at: detection.at, detector: detection.detector,
            verdict: Level(rawValue: detection.verdict) ?? .warning,
            evidence: detection.evidence, threshold: detection.threshold,
            changeBeganAt: detection.changeBeganAt,
            version: detection.modelVersion)
    }
}

extension ReportPromotion {
    init(_ promotion: Promotion) {
        self.init(
            at: promotion.at, version: promotion.version, previousVersion: promotion.previousVersion,
            kind: promotion.kind.rawValue, reason: promotion.reason, actor: promotion.actor,
            runID: promotion.runID)
    }
}

extension Status.Model {
    init(_ version: ModelVersion, promotion: Promotion, name: String) {
        self.init(
            name: name, version: version.version, labels: version.labels, promotedAt: promotion.at,
            checksum: version.checksum, parent: version.parent, kind: promotion.kind.rawValue,
            task: version.task)
    }
}

extension Status.Rollout {
    init(_ row: StoredRollout, _ pairs: [RolloutPair], policy: RolloutPolicy) {
        var evidence = RolloutEvidence(harmMargin: policy.harmMargin)
        for pair in pairs { evidence.update(oldLoss: pair.oldLoss, newLoss: pair.newLoss) }
        let share = row.share.map { " with \(percent($0)) of the requests" } ?? ""
        let figures =
            "\(points(evidence.difference)) on \(counted(evidence.count, "label")), evidence of harm "
            + "\(magnitude(log10: evidence.harm.log10Evidence)), back at \(decimals(1 / policy.harmAlpha, 0))"
        let goesOn =
            "\(row.stage) of version \(row.version) beside version \(row.against)\(share): \(figures)"
        self.init(
            stage: row.stage, version: row.version, against: row.against, share: row.share,
            startedAt: row.startedAt, endedAt: row.endedAt, outcome: row.outcome?.rawValue,
            labels: evidence.count, difference: evidence.difference,
            logEvidence: evidence.harm.log10Evidence, logThreshold: -policy.harmAlpha.log10,
            requests: row.requests, disagreements: row.disagreements, sentence: row.sentence ?? goesOn)
    }
}

extension Double {
    fileprivate var log10: Double { Foundation.log10(self) }
}

extension Status.SourceStatus {
    init(_ source: SourceRecord) {
        self.init(
            name: source.name, rows: source.rows, duplicates: source.duplicates, rejected: source.rejected,
            lastSuccessAt: source.lastSuccessAt, lastError: source.lastError,
            failures: source.consecutiveFailures)
    }
}

extension Status.AlertChannel {
    init(_ delivery: AlertDelivery) {
        self.init(
            name: delivery.channel, waiting: delivery.waiting, delivered: delivery.delivered,
            abandoned: delivery.abandoned, lastDeliveredAt: delivery.lastDeliveredAt,
            lastError: delivery.lastError, nextAttemptAt: delivery.nextAttemptAt)
    }
}

extension ModelSummary {
    init(_ version: ModelVersion, promotion: Promotion?, isLive: Bool) {
        // Notes that cannot be read take their figures with them, not the version.
        let notes = try? VersionNotes(version)
        self.init(
            version: version.version, parent: version.parent, origin: version.origin.rawValue,
            createdAt: version.createdAt, isLive: isLive, promotedAt: promotion?.at,
            kind: promotion?.kind.rawValue,
            reason: promotion?.reason, runID: version.runID, accuracy: notes?.accuracy,
            judgedOn: notes?.reference.count, anchorAccuracy: notes?.anchorAccuracy,
            trainingRows: notes?.trainingRows, replayedRows: notes?.replayedRows, level: notes?.level,
            cpuSeconds: notes?.cpuSeconds, seconds: notes?.seconds,
            headline: notes.flatMap { Headline($0, TaskKind(rawValue: version.task)) },
            labels: version.labels, task: version.task, checksum: version.checksum,
            note: version.note.isEmpty ? nil : version.note)
    }
}

extension ModelSummary.Headline {
    fileprivate init?(_ notes: VersionNotes, _ task: TaskKind?) {
        guard let task, let value = notes.headline else { return nil }
        self.init(
            name: task.headline.name, isShare: task.headline.isShare, value: value,
            anchor: notes.anchorHeadline)
    }
}

extension RunSummary {
    /// - Parameters:
    ///   - rungs: the remedies that it tried.
    ///   - leftOut: the rows that it did not learn from.
    ///   - active: what the daemon knows of the run under way beyond its row.
    init(
        _ run: TrainingRun, _ rungs: [Rung], _ leftOut: [LeftOut], active: ActiveRun?, at now: Date
    ) {
        let active = active?.id == run.id ? active : nil
        let progress = active?.progress
        self.init(
            id: run.id ?? 0, state: State(rawValue: run.state.rawValue) ?? .failed, trigger: run.trigger,
            reason: run.reason, requestedBy: run.requestedBy, baseVersion: run.baseVersion,
            challengerVersion: run.challengerVersion, queuedAt: run.queuedAt, startedAt: run.startedAt,
            finishedAt: run.finishedAt, trainingRows: run.trainingRows, level: active?.level,
            step: progress?.step ?? run.step,
            totalSteps: progress?.totalSteps ?? run.totalSteps,
            loss: progress?.loss ?? run.loss,
            developmentAccuracy: progress?.developmentAccuracy ?? run.developmentAccuracy,
            secondsLeft: active?.secondsLeft(at: now), cpuSeconds: run.cpuSeconds > 0 ? run.cpuSeconds : nil,
            verdict: run.verdict.flatMap {
                try? JSONDecoder().decode(TrialVerdict.self, from: Data($0.utf8))
            },
            error: run.error, rungs: rungs.isEmpty ? nil : rungs.map(RungSummary.init),
            leftOut: leftOut.isEmpty ? nil : leftOut.map(LeftOutSummary.init))
    }
}

extension LeftOutSummary {
    init(_ part: LeftOut) {
        self.init(reason: part.reason.rawValue, source: part.source, rows: part.rows)
    }
}

extension RungSummary {
    init(_ rung: Rung) {
        self.init(
            level: rung.level, outcome: rung.outcome, rows: rung.rows, cpuSeconds: rung.cpuSeconds,
            seconds: rung.seconds, sentence: rung.sentence)
    }
}
