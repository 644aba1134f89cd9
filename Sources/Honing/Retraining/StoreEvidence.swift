import Drift
import Foundation
import Store

extension Database {
    /// What is known now, as the retraining policy wants it.
    func evidence(for watch: DriftWatch, at now: Date) async throws -> Evidence {
        let facts = try await retrainingFacts(at: now)
        let seconds: (Date) -> Double = { $0.timeIntervalSince1970 }
        return Evidence(
            now: seconds(now), newLabels: facts.newLabels, isTraining: facts.activeRun != nil,
            lastRunEndedAt: facts.lastRunEndedAt.map(seconds), refusalsInARow: facts.runsWithoutPromotion,
            recentRunStarts: facts.recentRunStarts.map(seconds), cpuSecondsToday: facts.recentCPUSeconds,
            accuracyAlarm: watch.accuracyAlarm,
            avoidableErrors: watch.avoidableErrors)
    }

    /// What the watch replays at start: the rows that a version was judged on since its promotion.
    func observations(
        of version: Int, since promotion: Date, after row: Int64, apart: Set<String>
    ) async throws -> [Observation] {
        try await scoredRows(modelVersion: version, since: promotion, after: row, limit: 5_000).map {
            Observation($0, apart: apart)
        }
    }
}

extension DriftWatch {
    /// The alarm that this version raised. It stands until another version is promoted, even if the
    /// evidence ebbs: what broke the promise was real.
    var accuracyAlarm: AccuracyAlarm? {
        guard let alarm else { return nil }
        return AccuracyAlarm(
            detector: alarm.detector, log10Evidence: alarm.evidence, log10Threshold: alarm.threshold,
            observations: countAtAlarm,
            labelsSinceChange: detector.changeBegan.map { count - $0 })
    }

    var avoidableErrors: AvoidableErrors? {
        guard let promised = baseline.errorRate, count > 0 else { return nil }
        return AvoidableErrors(errors: Int(loss.rounded()), labels: count, promised: promised)
    }
}
