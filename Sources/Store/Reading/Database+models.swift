public import FoundationEssentials
import GRDB

extension Database {
    /// The promotion that says which version is live; `nil` before the first.
    public func livePromotion() async throws -> Promotion? {
        try await read("reading which version is live") { db in try Promotion.live(db) }
    }

    /// The newest promotions, newest first.
    public func promotions(limit: Int) async throws -> [Promotion] {
        try await read("reading promotions") { db in
            try Promotion.all(db, "SELECT * FROM promotion ORDER BY id DESC LIMIT ?", [limit])
        }
    }

    /// All versions, newest first.
    public func versions() async throws -> [ModelVersion] {
        try await read("reading versions") { db in
            try ModelVersion.all(db, "SELECT * FROM modelVersion ORDER BY version DESC")
        }
    }

    public func version(_ version: Int) async throws -> ModelVersion? {
        try await read("reading version \(version)") { db in
            try ModelVersion.first(db, "SELECT * FROM modelVersion WHERE version = ?", [version])
        }
    }

    // MARK: Runs

    public func run(_ id: Int64) async throws -> TrainingRun? {
        try await read("reading run \(id)") { db in
            try TrainingRun.first(db, "SELECT * FROM trainingRun WHERE id = ?", [id])
        }
    }

    /// The newest runs, newest first.
    public func runs(limit: Int) async throws -> [TrainingRun] {
        try await read("reading runs") { db in
            try TrainingRun.all(db, "SELECT * FROM trainingRun ORDER BY id DESC LIMIT ?", [limit])
        }
    }

    /// The run that has yet to end.
    public func activeRun() async throws -> TrainingRun? {
        try await read("reading the active run") { db in try TrainingRun.active(db) }
    }

    /// The newest trials that were decided, the newest first.
    public func gates(limit: Int) async throws -> [Gate] {
        try await read("reading the gate's verdicts") { db in
            try Gate.all(db, "SELECT * FROM gate ORDER BY id DESC LIMIT ?", [limit])
        }
    }

    /// The newest row that a version may have learned from; 0 for one that was imported.
    public func trainingCut(of version: Int) async throws -> Int64 {
        try await read("reading what version \(version) learned from") { db in
            try TrainingCut.of(version: version, db)
        }
    }

    /// What the decision whether to train rests on, as far as it lies here.
    public func retrainingFacts(at now: Date) async throws -> RetrainingFacts {
        try await read("reading what speaks for a training") { db in try RetrainingFacts.read(db, at: now) }
    }
}

extension Database {
    /// How many labelled rows came in a day, over the seven days before a moment or since the first
    /// row, without imported ones.
    public func labelsPerDay(at moment: Date) async throws -> Double {
        try await read("reading the rate of labels") { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) AS count, min(receivedAt) AS first FROM example
                    WHERE receivedAt >= ? AND receivedAt < ? AND scoring <> 'exempt'
                    """, arguments: [moment.addingTimeInterval(-7 * 86_400), moment])
            guard let row, let count: Int = row["count"], let first: Date = row["first"] else { return 0 }
            // A first hour full of labels is not yet a rate of a day.
            return Double(count) / max(1, moment.timeIntervalSince(first) / 86_400)
        }
    }
}

/// What the decision whether to train rests on.
public struct RetrainingFacts: Sendable, Equatable {
    /// Labelled rows since the rows of the last judged run were cut off, without imported ones.
    public var newLabels: Int
    public var activeRun: TrainingRun?
    /// When the last run ended, unless it was only stopped.
    public var lastRunEndedAt: Date?
    /// How many runs in a row, the newest of them, ended refused or failed, or in a version that was
    /// taken back.
    public var runsWithoutPromotion: Int
    /// When the runs of the last 24 hours started.
    public var recentRunStarts: [Date]
    /// Processor time of these runs, in seconds.
    public var recentCPUSeconds: Double

    fileprivate static func read(_ db: Connection, at now: Date) throws -> RetrainingFacts {
        let day = 86_400.0
        let ended = try TrainingRun.all(
            db, "SELECT * FROM trainingRun WHERE finishedAt IS NOT NULL ORDER BY id DESC LIMIT 100")
        let starts = try Date.fetchAll(
            db, sql: "SELECT startedAt FROM trainingRun WHERE startedAt >= ? ORDER BY startedAt",
            arguments: [now.addingTimeInterval(-day)])
        let cpuSeconds = try Double.fetchOne(
            db, sql: "SELECT total(cpuSeconds) FROM trainingRun WHERE startedAt >= ?",
            arguments: [now.addingTimeInterval(-day)])
        let newLabels = try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM example WHERE scoring <> 'exempt' AND id > ifnull(
                  (SELECT max(cut) FROM trainingRun WHERE state IN ('promoted', 'refused')), 0)
                """)
        let takenBack = Set(
            try Int.fetchAll(db, sql: "SELECT version FROM rollout WHERE outcome = 'back'"))
        return RetrainingFacts(
            newLabels: newLabels ?? 0, activeRun: try TrainingRun.active(db),
            lastRunEndedAt: ended.lazy.filter { $0.state != .cancelled }.compactMap(\.finishedAt).max(),
            runsWithoutPromotion: ended.lazy.filter { $0.state != .cancelled }.prefix {
                $0.state != .promoted || $0.challengerVersion.map(takenBack.contains) ?? false
            }.count,
            recentRunStarts: starts, recentCPUSeconds: cpuSeconds ?? 0)
    }
}
