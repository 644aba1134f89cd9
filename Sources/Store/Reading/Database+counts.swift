import GRDB

/// How much the database holds.
public struct StoreCounts: Sendable, Equatable {
    public var examples = 0
    public var unscored = 0
    public var predictions = 0
    public var outcomes = 0
    public var detections = 0
    public var quarantined = 0
    public var runs = 0
    public var versions = 0
    /// In pages that are in use.
    public var databaseBytes = 0

    public init() {}
}

extension Database {
    public func counts() async throws -> StoreCounts {
        try await read("counting rows") { db in
            func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT " + sql) ?? 0 }
            var counts = StoreCounts()
            // Answers are by far the most. Retention takes them from the oldest on, so the numbers
            // of the first and the last one give the count without a look at those between.
            // Asked for in one breath, SQLite would look at all of them after all.
            counts.predictions = try count(
                "ifnull((SELECT max(id) FROM prediction) - (SELECT min(id) FROM prediction) + 1, 0)")
            counts.examples = try count("count(*) FROM example")
            counts.unscored = try count("count(*) FROM example WHERE scoring = 'waiting'")
            counts.outcomes = try count("count(*) FROM outcome")
            counts.detections = try count("count(*) FROM detection")
            counts.quarantined = try count("count(*) FROM quarantinedRow")
            counts.runs = try count("count(*) FROM trainingRun")
            counts.versions = try count("count(*) FROM modelVersion")
            counts.databaseBytes = try FileSize.read(db).used
            return counts
        }
    }

    /// All sources that were ever asked, by name.
    public func sources() async throws -> [SourceRecord] {
        try await read("reading sources") { db in
            try SourceRecord.all(db, "SELECT * FROM source ORDER BY name")
        }
    }
}
