public import FoundationEssentials
import GRDB

extension Database {
    /// What a version said to the rows after one, in the order of arrival.
    public func outcomes(
        modelVersion: Int, since exampleID: Int64, limit: Int
    ) async throws -> [StoredOutcome] {
        try await read("reading outcomes") { db in
            try StoredOutcome.all(
                db,
                "SELECT * FROM outcome WHERE modelVersion = ? AND exampleID > ? ORDER BY exampleID LIMIT ?",
                [modelVersion, exampleID, limit])
        }
    }

    /// What a version said since it became live to the rows after one, in the order of arrival: what
    /// its watch is rebuilt from, piece by piece.
    public func scoredRows(
        modelVersion: Int, since promotion: Date, after exampleID: Int64, limit: Int
    ) async throws -> [ScoredRow] {
        try await read("reading scored rows") { db in
            try ScoredRow.all(
                db,
                """
                SELECT \(ScoredRow.columns) FROM outcome AS o JOIN example AS e ON e.id = o.exampleID
                WHERE o.modelVersion = ? AND o.exampleID > ? AND o.scoredAt >= ?
                ORDER BY o.exampleID LIMIT ?
                """,
                [modelVersion, exampleID, promotion, limit])
        }
    }

    /// What the models that were live said in a stretch of time, in the order in which they were asked.
    ///
    /// - Parameter last: the last row of the page before; `nil` for the first page.
    public func scoredRows(
        from start: Date, after last: ScoredRow? = nil, to end: Date, limit: Int
    ) async throws -> [ScoredRow] {
        // A time that was read may lie a hair below its millisecond, and is cut to milliseconds when written.
        let scoredAt = last?.outcome.scoredAt.addingTimeInterval(0.000_3) ?? start
        let (version, example) = (last?.outcome.modelVersion ?? 0, last?.outcome.exampleID ?? 0)
        return try await read("reading scored rows") { db in
            // In the order of the index outcome_scoredAt.
            try ScoredRow.all(
                db,
                """
                SELECT \(ScoredRow.columns) FROM outcome AS o JOIN example AS e ON e.id = o.exampleID
                WHERE (o.scoredAt, o.modelVersion, o.exampleID) > (?, ?, ?) AND o.scoredAt < ?
                ORDER BY o.scoredAt, o.modelVersion, o.exampleID LIMIT ?
                """,
                [scoredAt, version, example, end, limit])
        }
    }

    /// Answers that were given in a stretch of time, the oldest first.
    public func predictions(from start: Date, to end: Date, limit: Int) async throws -> [StoredPrediction] {
        try await read("reading predictions") { db in
            try StoredPrediction.all(
                db,
                "SELECT * FROM prediction WHERE createdAt >= ? AND createdAt < ? ORDER BY createdAt, id LIMIT ?",
                [start, end, limit])
        }
    }

    /// What one version answered last, the newest first.
    public func newestPredictions(
        ofVersion version: Int, since start: Date, limit: Int
    ) async throws -> [StoredPrediction] {
        try await read("reading the newest predictions") { db in
            try StoredPrediction.all(
                db,
                """
                SELECT * FROM prediction WHERE createdAt >= ? AND modelVersion = ?
                ORDER BY createdAt DESC LIMIT ?
                """,
                [start, version, limit])
        }
    }

    /// What was said to one text of a request.
    public func prediction(requestID: String, item: Int) async throws -> StoredPrediction? {
        try await read("reading a prediction") { db in try StoredPrediction.answering(requestID, item, db) }
    }

    /// One figure's series since a time, the oldest first.
    public func metrics(name: String, since start: Date) async throws -> [Metric] {
        try await read("reading metrics") { db in
            try Metric.all(
                db, "SELECT * FROM metric WHERE name = ? AND at >= ? ORDER BY at, id", [name, start])
        }
    }

    /// What detectors said since a time, the oldest first.
    public func detections(since start: Date) async throws -> [Detection] {
        try await read("reading detections") { db in
            try Detection.all(db, "SELECT * FROM detection WHERE at >= ? ORDER BY at, id", [start])
        }
    }

    /// Rows that could not be used, the newest first.
    public func quarantine(limit: Int) async throws -> [QuarantinedRow] {
        try await read("reading the quarantine") { db in
            try QuarantinedRow.all(db, "SELECT * FROM quarantinedRow ORDER BY id DESC LIMIT ?", [limit])
        }
    }
}
