public import FoundationEssentials
import GRDB

extension Database {
    /// Begins a run: it is queued, and no other may begin until it has ended.
    ///
    /// - Throws: `StoreError.runUnderWay` while another is active.
    public func createRun(_ run: TrainingRun) async throws -> TrainingRun {
        try await write("queueing a run") { db in
            if let active = try TrainingRun.active(db)?.id { throw StoreError.runUnderWay(active) }
            var run = run
            run.state = .queued
            return try run.inserted(db)
        }
    }

    /// Notes that a run trains now. Rows scored up to this moment count as known to it.
    @discardableResult
    public func startRun(
        _ id: Int64, directory: String, trainingRows: Int, at now: Date
    ) async throws -> TrainingRun {
        try await write("starting run \(id)") { db in
            try TrainingRun.change(id, db) { run in
                run.state = .running
                run.directory = directory
                run.trainingRows = trainingRows
                run.startedAt = now
                run.cut = try TrainingCut.now(db, TrainingCut.task(of: run.baseVersion, db))
            }
        }
    }

    /// Changes a run that has not ended.
    ///
    /// - Throws: `StoreError.illegalTransition` where its state may not become what it was set to.
    @discardableResult
    public func updateRun(
        _ id: Int64, _ update: @escaping @Sendable (inout TrainingRun) -> Void
    ) async throws -> TrainingRun {
        try await write("updating run \(id)") { db in try TrainingRun.change(id, db, update) }
    }

    /// Ends a run. A run that has ended this way already stays as it is: a promotion ends its run
    /// itself.
    ///
    /// - Parameters:
    ///   - verdict: what the gate found, as JSON.
    ///   - challenger: the version that the run became.
    ///   - error: why it ended without a verdict.
    @discardableResult
    public func finishRun(
        _ id: Int64, state: RunState, at now: Date, verdict: String? = nil, challenger: Int? = nil,
        error: String? = nil
    ) async throws -> TrainingRun {
        try await write("ending run \(id)") { db in
            let run = try TrainingRun.numbered(id, db)
            guard run.state != state || state.isActive else { return run }
            return try TrainingRun.change(id, db) { run in
                run.end(state, at: now)
                run.verdict = verdict ?? run.verdict
                run.challengerVersion = challenger ?? run.challengerVersion
                run.error = error?.withoutNUL
            }
        }
    }

    /// Ends what was under way when the daemon stopped, and says which runs that were. For the start
    /// of the daemon.
    public func interruptedRuns(at now: Date) async throws -> [TrainingRun] {
        try await write("ending interrupted runs") { db in
            let runs = try TrainingRun.all(
                db, "SELECT * FROM trainingRun WHERE finishedAt IS NULL ORDER BY id")
            return try runs.compactMap(\.id).map { id in
                try TrainingRun.change(id, db) { run in
                    // Nothing of a run that only waited is lost, and it speaks against no model.
                    run.end(run.state == .queued ? .cancelled : .failed, at: now)
                    run.error = "the daemon stopped before the run ended"
                }
            }
        }
    }
}

extension TrainingRun {
    fileprivate mutating func end(_ state: RunState, at now: Date) {
        self.state = state
        finishedAt = now
        processID = nil
    }

    static func active(_ db: Connection) throws -> TrainingRun? {
        try first(db, "SELECT * FROM trainingRun WHERE finishedAt IS NULL")
    }

    static func numbered(_ id: Int64, _ db: Connection) throws -> TrainingRun {
        guard let run = try first(db, "SELECT * FROM trainingRun WHERE id = ?", [id]) else {
            throw StoreError.noSuchRun(id)
        }
        return run
    }

    /// Changes a run along the paths of `RunState`.
    static func change(
        _ id: Int64, _ db: Connection, _ update: (inout TrainingRun) throws -> Void
    ) throws -> TrainingRun {
        let before = try numbered(id, db)
        var after = before
        try update(&after)
        after.id = id
        if after.loss?.isFinite == false { after.loss = nil }
        let mayMove =
            before.state.isActive && before.state == after.state || before.state.mayBecome(after.state)
        guard mayMove else {
            throw StoreError.illegalTransition(run: id, from: before.state, to: after.state)
        }
        try after.update(db)
        return try numbered(id, db)
    }

    /// Ends a judged run together with the promotion that came of it.
    static func promote(_ id: Int64, to version: Int, verdict: String?, at now: Date, _ db: Connection) throws
    {
        guard try numbered(id, db).state == .judging else { return }
        _ = try change(id, db) { run in
            run.end(.promoted, at: now)
            run.challengerVersion = version
            run.verdict = verdict
        }
    }
}
