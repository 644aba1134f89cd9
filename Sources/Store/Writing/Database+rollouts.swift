public import FoundationEssentials
import GRDB

extension Database {
    /// Ends the stretch of comparison under way, if there is one, and begins the next.
    ///
    /// - Returns: the stretch that began.
    @discardableResult
    public func change(_ change: RolloutChange, at now: Date) async throws -> StoredRollout? {
        try await write("moving a roll-out on") { db in try change.apply(db, at: now) }
    }

    /// Stores what both versions lost on labelled rows; a row counts once.
    public func insert(pairs: [RolloutPair]) async throws {
        try await write("storing a comparison") { db in
            let statement = try db.makeStatement(
                sql: """
                    INSERT OR IGNORE INTO rolloutPair (rolloutID, exampleID, oldLoss, newLoss)
                    VALUES (?, ?, min(1, max(0, ?)), min(1, max(0, ?)))
                    """)
            for pair in pairs {
                try statement.execute(arguments: [
                    pair.rolloutID, pair.exampleID, pair.oldLoss, pair.newLoss,
                ])
            }
        }
    }

    /// Counts requests that both versions answered. After the end of the stretch nothing is counted.
    public func countRequests(_ requests: Int, disagreements: Int, rollout id: Int64) async throws {
        try await write("counting compared requests") { db in
            try db.execute(
                sql: """
                    UPDATE rollout SET requests = requests + ?, disagreements = disagreements + ?
                    WHERE id = ? AND endedAt IS NULL
                    """, arguments: [requests, disagreements, id])
        }
    }

    // MARK: Reading

    /// The stretch of comparison under way.
    public func activeRollout() async throws -> StoredRollout? {
        try await read("reading the roll-out") { db in try StoredRollout.active(db) }
    }

    /// The newest stretches, the newest first.
    public func rollouts(limit: Int) async throws -> [StoredRollout] {
        try await read("reading roll-outs") { db in
            try StoredRollout.all(db, "SELECT * FROM rollout ORDER BY id DESC LIMIT ?", [limit])
        }
    }

    /// What both versions lost, row by row in the order of arrival.
    public func pairs(ofRollout id: Int64) async throws -> [RolloutPair] {
        try await read("reading a comparison") { db in
            try RolloutPair.all(
                db, "SELECT * FROM rolloutPair WHERE rolloutID = ? ORDER BY exampleID", [id])
        }
    }
}

extension RolloutChange {
    func apply(_ db: Connection, at now: Date) throws -> StoredRollout? {
        if var active = try StoredRollout.active(db) {
            active.endedAt = now
            active.outcome = outcome
            active.sentence = sentence.withoutNUL
            try active.update(db)
            if active.share != nil,
                let ended = try StoredRollout.first(
                    db, "SELECT * FROM rollout WHERE id = ?", [active.id])
            {
                try AuditEntry.append(canary: ended, db)
            }
        }
        guard let begun = try next?.inserted(db) else { return nil }
        if begun.share != nil { try AuditEntry.append(canary: begun, db) }
        return begun
    }
}

extension StoredRollout {
    static func active(_ db: Connection) throws -> StoredRollout? {
        try first(db, "SELECT * FROM rollout WHERE endedAt IS NULL")
    }
}
