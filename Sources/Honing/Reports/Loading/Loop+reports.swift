public import Foundation
import Synchronization

/// What can be asked about the loop while it runs.
extension Loop {
    private var reader: ReportReader {
        ReportReader(store, configuration.withLock { $0 })
    }

    private func live(at now: Date) async -> ReportReader.Live {
        let daemon = Status.Daemon(
            version: honeVersion, state: .running, pid: ProcessInfo.processInfo.processIdentifier,
            startedAt: startedAt,
            uptimeSeconds: now.timeIntervalSince(startedAt))
        let serving = Status.Serving(
            predictor.statistics.snapshot, queueDepth: predictor.queueDepth)
        return ReportReader.Live(
            watch: await monitor.watch, daemon: daemon, serving: serving,
            activeRun: await retrainer.activeRun,
            decision: await retrainer.decision)
    }

    public func status(at now: Date = Date()) async throws -> Status {
        try await reader.status(live(at: now), at: now)
    }

    public func report(since: Date? = nil, until: Date? = nil, at now: Date = Date()) async throws
        -> DriftReport
    {
        try await reader.report(since: since, until: until, live: live(at: now), at: now)
    }

    public func versions() async throws -> [ModelSummary] {
        let serving = predictor.slot.current
        return try await reader.versions().map { version in
            guard version.version == serving?.version else { return version }
            var version = version
            version.precision = serving?.precision
            version.precisionNote = serving?.precisionNote
            return version
        }
    }

    public func run(_ id: Int64, at now: Date = Date()) async throws -> RunSummary? {
        try await reader.run(id, live: live(at: now), at: now)
    }
}

extension Status.Serving {
    init(_ counts: ServingStatistics.Snapshot, queueDepth: Int) {
        self.init(
            requests: counts.requests, failed: counts.failed, rejected: counts.refused,
            predictions: counts.texts,
            predictionsPerSecond: counts.textsPerSecond,
            p50Milliseconds: counts.total.milliseconds(0.5), p99Milliseconds: counts.total.milliseconds(0.99),
            queueDepth: queueDepth)
    }
}

extension LatencyHistogram {
    /// A quantile in milliseconds; JSON has no word for infinity, so that what is off the scale is
    /// told as the end of the scale.
    fileprivate func milliseconds(_ q: Double) -> Double? {
        quantile(q).map { min($0, Self.bounds.last ?? 60) * 1_000 }
    }
}
