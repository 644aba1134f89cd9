import Drift
public import Foundation
public import Logging
public import Store

/// Keeps the watch over the live version: hands it every labelled row, writes down what it sees.
public actor DriftMonitor {
    private let store: Database
    private let log: Logger
    private var settings: WatchingSettings
    public private(set) var watch: DriftWatch?
    private var rowsSinceMetrics = 0

    /// How many rows lie between two points of a metric's series.
    private static let metricsEvery = 50

    public init(store: Database, settings: WatchingSettings, log: Logger) {
        self.store = store
        self.settings = settings
        self.log = log
    }

    /// Begins to watch a version, replaying the rows that it was judged on since its promotion.
    ///
    /// Detector state is not stored anywhere: the rows are, and they say the same.
    public func start(version: Int, reference: Reference, since promotion: Date) async throws {
        let rate = try await store.labelsPerDay(at: promotion)
        var fresh = DriftWatch(
            version: version, reference: reference,
            settings: DriftWatch.Settings(settings, labelsPerDay: rate))
        var last: Int64 = 0
        while case let rows = try await store.observations(
            of: version, since: promotion, after: last, apart: settings.apart),
            let newest = rows.last
        {
            for row in rows { _ = fresh.observe(row) }
            last = newest.exampleID
        }
        watch = fresh
    }

    /// Feeds whose rows count in no estimate.
    var apart: Set<String> { settings.apart }

    /// Takes other settings over; they count from the version's first row on, as if they had always
    /// been there.
    public func apply(_ settings: WatchingSettings, since promotion: Date) async throws {
        self.settings = settings
        guard let watch else { return }
        try await start(version: watch.version, reference: watch.reference, since: promotion)
    }

    /// Looks at newly scored rows, in the order in which they were observed.
    ///
    /// - Returns: what happened; already written to the store.
    @discardableResult
    public func observe(_ rows: [Observation], version: Int, at now: Date) async throws -> [DriftWatch.Event]
    {
        guard watch?.version == version else { return [] }
        var seen: [(event: DriftWatch.Event, details: [String: Double])] = []
        for row in rows {
            for event in watch?.observe(row) ?? [] { seen.append((event, details)) }
        }
        for (event, details) in seen { try await record(event, details, at: now) }
        rowsSinceMetrics += rows.count
        if rowsSinceMetrics >= Self.metricsEvery {
            rowsSinceMetrics = 0
            try await recordMetrics(at: now)
        }
        return seen.map(\.event)
    }

    /// How things stand at this row, and what the rows must be replayed with to give the same again.
    private var details: [String: Double] {
        guard let watch else { return [:] }
        return watch.settings.figures.merging([
            "promisedError": watch.baseline.bound, "labels": Double(watch.count),
            "windowAccuracy": watch.windowAccuracy ?? 0,
        ]) { _, own in own }
    }

    private func record(
        _ event: DriftWatch.Event, _ details: [String: Double], at now: Date
    ) async throws {
        let json = try JSONEncoder().encode(details)
        _ = try await store.insert(
            detection: Detection(
                at: now, detector: event.detector, verdict: event.verdict == .drift ? "drift" : "warning",
                evidence: event.evidence, threshold: event.threshold, exampleID: event.row.exampleID,
                changeBeganAt: event.changeBeganAt, modelVersion: watch?.version ?? 0,
                details: String(decoding: json, as: UTF8.self)))
        let line: Logger.Metadata = [
            "detector": "\(event.detector)", "evidence": "\(event.evidence)",
            "threshold": "\(event.threshold)", "row": "\(event.row.exampleID)",
        ]
        if event.verdict == .drift, event.detector == ShiryaevRoberts.name {
            log.warning("version \(watch?.version ?? 0) is worse than it promised", metadata: line)
        } else {
            log.notice("the stream is moving", metadata: line)
        }
    }

    private func recordMetrics(at now: Date) async throws {
        guard let watch, let metrics = WindowMetrics(watch) else { return }
        try await store.insert(metrics: metrics.metrics(at: now))
    }
}
