import Drift
public import Foundation
public import Store

/// Reads out of the store what status and reports tell: for the daemon, which lends it what only
/// it knows, and for `hone` while no daemon runs.
public struct ReportReader: Sendable {
    let store: Database
    let configuration: HonedConfiguration

    public init(_ store: Database, _ configuration: HonedConfiguration) {
        self.store = store
        self.configuration = configuration
    }

    /// What only a running daemon knows.
    public struct Live: Sendable {
        /// Spares replaying the live version's rows.
        public var watch: DriftWatch?
        public var daemon: Status.Daemon
        public var serving: Status.Serving
        public var activeRun: ActiveRun?
        public var decision: String

        public init(
            watch: DriftWatch?, daemon: Status.Daemon, serving: Status.Serving, activeRun: ActiveRun?,
            decision: String
        ) {
            self.watch = watch
            self.daemon = daemon
            self.serving = serving
            self.activeRun = activeRun
            self.decision = decision
        }
    }

    // MARK: Versions and runs

    /// All versions, the newest first.
    public func versions() async throws -> [ModelSummary] {
        let promotions = try await store.promotions(limit: Self.history)
        let live = promotions.first?.version
        return try await store.versions().sorted { $0.version > $1.version }.map { version in
            let promotion = promotions.first { $0.version == version.version }
            return ModelSummary(version, promotion: promotion, isLive: version.version == live)
        }
    }

    /// One run; `nil` where there is none of that number.
    public func run(_ id: Int64, live: Live? = nil, at now: Date = Date()) async throws -> RunSummary? {
        guard let run = try await store.run(id) else { return nil }
        return RunSummary(
            run, try await store.rungs(ofRun: id), try await store.leftOut(ofRun: id),
            active: live?.activeRun,
            at: now)
    }

    private func runs(_ live: Live?, at now: Date) async throws -> [RunSummary] {
        var summaries: [RunSummary] = []
        for run in try await store.runs(limit: 50) {
            let id = run.id ?? 0
            summaries.append(
                RunSummary(
                    run, try await store.rungs(ofRun: id), try await store.leftOut(ofRun: id),
                    active: live?.activeRun, at: now))
        }
        return summaries.sorted { $0.id > $1.id }
    }

    // MARK: Status

    /// The status; without a daemon it is read from the store alone.
    public func status(_ live: Live? = nil, at now: Date = Date()) async throws -> Status {
        let standing = try await standing(live, at: now)
        let runs = try await runs(live, at: now)
        let counts = try await store.counts()
        return Status(
            at: now, daemon: live?.daemon ?? Status.Daemon(version: honeVersion, state: .down),
            model: standing?.model, accuracy: standing?.accuracy, evidence: standing?.evidence,
            inputs: standing?.inputs ?? [], alarm: standing?.alarm, run: runs.first { !$0.isFinished },
            lastRun: runs.first(where: \.isFinished), rollout: try await rollout(),
            decision: live?.decision ?? "nothing is trained while no daemon runs",
            serving: live?.serving ?? Status.Serving(),
            sources: try await store.sources().map(Status.SourceStatus.init),
            store: Status.Storage(
                databaseBytes: counts.databaseBytes, examples: counts.examples,
                predictions: counts.predictions,
                quarantined: counts.quarantined),
            alerts: try await alerts())
    }

    private func alerts() async throws -> [Status.AlertChannel]? {
        let deliveries = try await store.alertDeliveries()
        return deliveries.isEmpty ? nil : deliveries.map(Status.AlertChannel.init)
    }

    private func rollout() async throws -> Status.Rollout? {
        guard let row = try await store.rollouts(limit: 1).first, let id = row.id else { return nil }
        return Status.Rollout(
            row, try await store.pairs(ofRollout: id),
            policy: Rollout.Settings(configuration.retraining.rollout).policy)
    }

    private func standing(_ live: Live?, at now: Date) async throws -> Standing? {
        guard let promotion = try await store.livePromotion(),
            let version = try await store.version(promotion.version)
        else { return nil }
        let watch: DriftWatch
        if let running = live?.watch, running.version == version.version {
            watch = running
        } else {
            watch = try await replayed(version, since: promotion.at)
        }
        let model = Status.Model(version, promotion: promotion, name: configuration.model.name)
        var standing = Standing(watch, model: model, settings: configuration.watching, at: now)
        // The watch dates an alarm by its row; people ask when the daemon knew.
        if let row = watch.alarm?.row.exampleID {
            let detections = try await store.detections(since: promotion.at)
            if let alarm = detections.first(where: { $0.exampleID == row }) { standing.alarm?.at = alarm.at }
        }
        return standing
    }

    private func replayed(_ version: ModelVersion, since promotion: Date) async throws -> DriftWatch {
        var watch = DriftWatch(
            version: version.version, reference: try VersionNotes(version).reference,
            settings: DriftWatch.Settings(
                configuration.watching, labelsPerDay: try await store.labelsPerDay(at: promotion)))
        var last: Int64 = 0
        while true {
            let rows = try await store.scoredRows(
                modelVersion: version.version, since: promotion, after: last, limit: Self.page)
            for row in rows {
                _ = watch.observe(Observation(row, apart: configuration.watching.apart))
            }
            guard rows.count == Self.page, let newest = rows.last else { return watch }
            last = newest.outcome.exampleID
        }
    }

    /// The question about the live version that labels have yet to settle.
    func openQuestion(at now: Date) async throws -> OpenQuestion? {
        try await standing(nil, at: now).flatMap { OpenQuestion($0) }
    }

    // MARK: Report

    /// How many promotions and events a report looks back at.
    private static let history = 1_000
    /// How many rows are read at once, and how many of the newest a report is made of at most.
    private static let page = 20_000
    private static let mostRows = 200_000

    /// The drift report of a stretch of time.
    ///
    /// - Parameter since: by default the promotion before the live one, so that the last change of
    ///   model is in the picture.
    public func report(
        since: Date? = nil, until: Date? = nil, live: Live? = nil, at now: Date = Date()
    ) async throws -> DriftReport {
        let promotions = try await store.promotions(limit: Self.history).sorted { $0.at < $1.at }
        let end = until ?? now
        let before = promotions.dropLast().last?.at ?? promotions.last?.at
        var facts = ReportFacts(
            now: now, since: since ?? before ?? now.addingTimeInterval(-30 * 86_400), until: end,
            modelName: configuration.model.name)
        facts.standing = try await standing(live, at: now)
        facts.rows = try await rows(from: facts.since, to: end)
        facts.detections = try await store.detections(since: facts.since).map(ReportDetection.init)
            .sorted { $0.at < $1.at }
        facts.promotions = promotions.map(ReportPromotion.init)
        facts.runs = try await runs(live, at: now)
        facts.versions = try await versions()
        facts.decision = live?.decision
        facts.settings = configuration.watching
        facts.isAutomatic = configuration.retraining.enabled
        if let standing = facts.standing {
            facts.causes = try await causeFacts(standing, rows: facts.rows, at: now)
            facts.labelFree = try await labelFreeFacts(standing, at: now)
        }
        facts.alerts = try await alerts()
        return DriftReportBuilder(facts).report()
    }

    /// The report of this moment, for a part of the daemon that knows nothing but the watch.
    func report(watch: DriftWatch?, at now: Date) async throws -> DriftReport {
        try await report(
            live: Live(
                watch: watch, daemon: Status.Daemon(version: honeVersion, state: .running),
                serving: Status.Serving(), activeRun: nil, decision: ""), at: now)
    }

    private func rows(from start: Date, to end: Date) async throws -> [ReportRow] {
        var rows: [ReportRow] = []
        var last: ScoredRow?
        while true {
            let page = try await store.scoredRows(from: start, after: last, to: end, limit: Self.page)
            let apart = configuration.watching.apart
            let fair = page.filter { LabelOrigin(source: $0.source, apart: apart).isRepresentative }
            rows = Array((rows + fair.map(ReportRow.init)).suffix(Self.mostRows))
            guard page.count == Self.page else { return rows }
            last = page.last
        }
    }
}
