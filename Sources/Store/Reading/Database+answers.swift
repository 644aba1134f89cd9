public import FoundationEssentials
import GRDB

/// A labelled row, and what a version said to it.
public struct AnsweredExample: Sendable, Equatable {
    public var example: StoredExample
    public var outcome: StoredOutcome

    public init(example: StoredExample, outcome: StoredOutcome) {
        self.example = example
        self.outcome = outcome
    }
}

extension AnsweredExample: FetchedRow {
    public init(from decoder: any Decoder) throws {
        self.init(example: try StoredExample(from: decoder), outcome: try StoredOutcome(from: decoder))
    }
}

/// How much came in, and how much of it could not be used.
public struct IntakeCount: Sendable, Equatable {
    public var accepted: Int
    public var quarantined: Int

    public init(accepted: Int, quarantined: Int) {
        self.accepted = accepted
        self.quarantined = quarantined
    }
}

extension Database {
    /// The newest labelled rows with what a version said to them since it became live, in the order of
    /// arrival.
    ///
    /// - Parameters:
    ///   - first: rows from this one on.
    ///   - end: rows before this one; `nil` for no end.
    public func answeredExamples(
        ofVersion version: Int, since promotion: Date, from first: Int64 = 0, before end: Int64? = nil,
        limit: Int
    ) async throws -> [AnsweredExample] {
        try await read("reading answers with their texts") { db in
            try AnsweredExample.all(
                db,
                """
                SELECT e.*, o.* FROM outcome AS o JOIN example AS e ON e.id = o.exampleID
                WHERE o.modelVersion = ? AND o.exampleID >= ? AND o.exampleID < ? AND o.scoredAt >= ?
                ORDER BY o.exampleID DESC LIMIT ?
                """,
                [version, first, end ?? .max, promotion, limit]
            ).reversed()
        }
    }

    /// Rows by their numbers, in the order of arrival; what retention let go of is missing.
    public func examples(_ numbers: [Int64]) async throws -> [StoredExample] {
        try await read("reading rows by their numbers") { db in
            try numbers.compactMap {
                try StoredExample.first(db, "SELECT * FROM example WHERE id = ?", [$0])
            }.sorted { $0.id < $1.id }
        }
    }

    /// The numbers of stored rows by their content hashes.
    public func exampleNumbers(of hashes: [String]) async throws -> [String: Int64] {
        try await read("looking rows up") { db in
            let statement = try db.cachedStatement(sql: "SELECT id FROM example WHERE contentHash = ?")
            var numbers: [String: Int64] = [:]
            for hash in hashes { numbers[hash] = try Int64.fetchOne(statement, arguments: [hash]) }
            return numbers
        }
    }

    /// What came in during a stretch of time, without rows that came with a model.
    ///
    /// - Parameter limit: where more came in, the stretch begins with the newest so many rows, so that
    ///   counting never takes long.
    public func intake(from start: Date, to end: Date, newest limit: Int) async throws -> IntakeCount {
        try await read("counting what came in") { db in
            let start =
                try Date.fetchOne(
                    db,
                    sql: """
                        SELECT receivedAt FROM example WHERE receivedAt >= ? AND receivedAt < ?
                        ORDER BY receivedAt DESC LIMIT 1 OFFSET ?
                        """, arguments: [start, end, limit]) ?? start
            func count(_ sql: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM " + sql, arguments: [start, end]) ?? 0
            }
            return IntakeCount(
                accepted: try count(
                    "example WHERE receivedAt >= ? AND receivedAt < ? AND scoring <> 'exempt'"),
                quarantined: try count("quarantinedRow WHERE at >= ? AND at < ?"))
        }
    }
}
