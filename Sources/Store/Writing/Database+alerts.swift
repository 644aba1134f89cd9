public import FoundationEssentials
import GRDB

extension Database {
    /// How long what was settled is remembered. Events are read from the last days only, so that nothing
    /// is told a second time.
    private static let memory: TimeInterval = 90 * 86_400

    /// Makes these the channels: new ones are told of what happens from now on, and what waits for one
    /// that is gone is given up.
    ///
    /// - Returns: since when each is told.
    public func openAlertChannels(_ names: [String], at now: Date) async throws -> [String: Date] {
        try await write("opening the channels of alerts") { db in
            for name in try String.fetchAll(db, sql: "SELECT name FROM alertChannel")
            where !names.contains(name) {
                try db.execute(sql: "DELETE FROM alertChannel WHERE name = ?", arguments: [name])
                try db.execute(
                    sql: """
                        UPDATE alert SET state = 'abandoned', lastError = 'the channel was taken out of the configuration'
                        WHERE channel = ? AND state = 'waiting'
                        """, arguments: [name])
            }
            var since: [String: Date] = [:]
            for name in names {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO alertChannel (name, since) VALUES (?, ?)",
                    arguments: [name, now])
                since[name] = try Date.fetchOne(
                    db, sql: "SELECT since FROM alertChannel WHERE name = ?", arguments: [name])
            }
            return since
        }
    }

    /// Puts messages into the outbox; what a channel was told of already is left out.
    public func enqueue(alerts: [StoredAlert], at now: Date) async throws {
        try await write("storing alerts") { db in
            for alert in alerts {
                let isKnown = try Bool.fetchOne(
                    db, sql: "SELECT 1 FROM alert WHERE event = ? AND channel = ?",
                    arguments: [alert.event, alert.channel])
                if isKnown == nil { try alert.insert(db) }
            }
            try db.execute(
                sql: "DELETE FROM alert WHERE state <> 'waiting' AND at < ?",
                arguments: [now.addingTimeInterval(-Self.memory)])
        }
    }

    /// Notes that a message was accepted. It is on the disk when this returns.
    public func recordDelivery(ofAlert id: Int64, at now: Date) async throws {
        try await write("noting that an alert was delivered") { db in
            try db.execute(
                sql: """
                    UPDATE alert SET state = 'delivered', lastAttemptAt = ?, lastError = NULL
                    WHERE id = ? AND state = 'waiting'
                    """, arguments: [now, id])
        }
    }

    /// Notes that a message was not accepted.
    ///
    /// - Parameter next: when it is tried again; `nil` gives it up.
    public func recordFailure(
        ofAlert id: Int64, error: String, next: Date?, at now: Date
    ) async throws {
        try await write("noting that an alert was not delivered") { db in
            try db.execute(
                sql: """
                    UPDATE alert SET attempts = attempts + 1, lastAttemptAt = ?, lastError = ?,
                      nextAttemptAt = ?, state = ? WHERE id = ? AND state = 'waiting'
                    """,
                arguments: [now, error, next ?? now, next == nil ? "abandoned" : "waiting", id])
        }
    }

    // MARK: Reading

    /// Who was told of which of these events, or waits to be: channels by event.
    public func channelsTold(of events: [String]) async throws -> [String: Set<String>] {
        try await read("reading who was told") { db in
            let statement = try db.cachedStatement(sql: "SELECT channel FROM alert WHERE event = ?")
            var told: [String: Set<String>] = [:]
            for event in events { told[event] = try String.fetchSet(statement, arguments: [event]) }
            return told
        }
    }

    /// Messages that it is time to send, in the order in which they came.
    public func dueAlerts(at now: Date, limit: Int) async throws -> [StoredAlert] {
        try await read("reading the outbox") { db in
            try StoredAlert.all(
                db,
                "SELECT * FROM alert WHERE state = 'waiting' AND nextAttemptAt <= ? ORDER BY id LIMIT ?",
                [now, limit])
        }
    }

    /// The newest messages, the newest first.
    public func alerts(limit: Int) async throws -> [StoredAlert] {
        try await read("reading alerts") { db in
            try StoredAlert.all(db, "SELECT * FROM alert ORDER BY id DESC LIMIT ?", [limit])
        }
    }

    /// How the messages of each channel fare, by name.
    public func alertDeliveries() async throws -> [AlertDelivery] {
        try await read("reading how alerts fare") { db in
            try AlertDelivery.all(
                db,
                """
                SELECT c.name AS channel,
                  (SELECT count(*) FROM alert WHERE channel = c.name AND state = 'waiting') AS waiting,
                  (SELECT count(*) FROM alert WHERE channel = c.name AND state = 'delivered') AS delivered,
                  (SELECT count(*) FROM alert WHERE channel = c.name AND state = 'abandoned') AS abandoned,
                  (SELECT max(lastAttemptAt) FROM alert WHERE channel = c.name AND state = 'delivered')
                    AS lastDeliveredAt,
                  oldest.lastError, oldest.nextAttemptAt
                FROM alertChannel AS c LEFT JOIN alert AS oldest ON oldest.id = (
                  SELECT min(id) FROM alert WHERE channel = c.name AND state = 'waiting')
                ORDER BY c.name
                """)
        }
    }
}
