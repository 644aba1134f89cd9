import Drift
public import Foundation
import Store

/// Reads the history of a daemon out of its database, whether it runs or not, and lets another policy live through it.
/// Nothing is written.
public struct Simulator: Sendable {
    private let store: Database
    private let configuration: HonedConfiguration

    /// Rows that are read at once.
    private static let page = 20_000
    /// Promotions and roll-outs that are looked back at.
    private static let history = 10_000

    /// - Throws: `StoreError` where there is no database, or this user may not read it.
    public init(_ configuration: HonedConfiguration) throws {
        store = try Database.openReadOnly(at: DataDirectory(configuration.dataDirectory).database)
        self.configuration = configuration
    }

    /// - Parameters:
    ///   - settings: the policy to try.
    ///   - since: by default the first version's first day.
    /// - Throws: `SimulationError`, `StoreError`.
    public func simulate(
        _ settings: TriggerSettings, since: Date? = nil, until: Date? = nil, at now: Date = Date()
    ) async throws -> Simulation {
        let until = until ?? now
        return try Simulation(
            settings, over: TriggerSettings(configuration),
            through: try await history(since: since, until: until),
            since: since, until: until)
    }

    package func history(since: Date?, until: Date) async throws -> PolicyHistory {
        let promotions = try await store.promotions(limit: Self.history).sorted { $0.at < $1.at }
        let takeovers = promotions.map(PolicyHistory.Takeover.init)
        var references: [Int: Reference] = [:]
        // Notes that cannot be read leave their version out.
        for version in try await store.versions() {
            references[version.version] = try? VersionNotes(version).reference
        }
        var history = PolicyHistory(
            rows: [], references: references, runs: try await runs(takeovers), takeovers: takeovers)
        // The watch of the version that was live began at its promotion, and its threshold a week before.
        let first = since.flatMap { history.live(at: $0) } ?? takeovers.first
        let week = -7.0 * 86_400
        history.rows = try await rows(from: (first?.at ?? until).addingTimeInterval(week), to: until)
        history.alarms = try await store.detections(since: .init(timeIntervalSince1970: 0)).filter {
            $0.detector == ShiryaevRoberts.name && $0.verdict == "drift"
        }.map(\.at)
        for rollout in try await store.rollouts(limit: Self.history) {
            if rollout.outcome == .back { history.takenBack.insert(rollout.version) }
            for pair in try await store.pairs(ofRollout: rollout.id ?? 0) {
                history.unseen[rollout.against, default: [:]][pair.exampleID] = pair.oldLoss
                history.unseen[rollout.version, default: [:]][pair.exampleID] = pair.newLoss
            }
        }
        return history
    }

    private func runs(_ takeovers: [PolicyHistory.Takeover]) async throws -> [PolicyHistory.Run] {
        try await store.endedRuns().map { run, cpuSeconds in
            PolicyHistory.Run(
                id: run.id ?? 0, base: run.baseVersion, isAutomatic: run.trigger != "manual",
                reason: run.reason, queuedAt: run.queuedAt, endedAt: run.finishedAt ?? run.queuedAt,
                state: run.state.rawValue,
                takeover: takeovers.first { $0.runID == run.id && $0.kind != "rollback" },
                cpuSeconds: cpuSeconds)
        }
    }

    private func rows(from start: Date, to end: Date) async throws -> [PolicyHistory.Row] {
        var rows: [PolicyHistory.Row] = []
        var last: ScoredRow?
        while true {
            let page = try await store.scoredRows(from: start, after: last, to: end, limit: Self.page)
            rows += page.map { PolicyHistory.Row($0, apart: configuration.watching.apart) }
            guard page.count == Self.page else { return rows }
            last = page.last
        }
    }
}

extension PolicyHistory.Row {
    fileprivate init(_ row: ScoredRow, apart: Set<String>) {
        self.init(
            exampleID: row.outcome.exampleID, receivedAt: row.receivedAt, scoredAt: row.outcome.scoredAt,
            version: row.outcome.modelVersion, loss: row.outcome.loss,
            isRepresentative: LabelOrigin(source: row.source, apart: apart).isRepresentative)
    }
}

extension PolicyHistory.Takeover {
    fileprivate init(_ promotion: Promotion) {
        self.init(
            at: promotion.at, version: promotion.version, previous: promotion.previousVersion,
            kind: promotion.kind.rawValue, runID: promotion.runID)
    }
}
