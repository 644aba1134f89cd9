public import FoundationEssentials
import GRDB

extension Database {
    /// What live versions said to rows, in the order of arrival, where they were at least so sure.
    ///
    /// - Parameter rows: the numbers of the first and the last row.
    public func confidentAnswers(
        to rows: ClosedRange<Int64>, confidence: Double
    ) async throws -> [ConfidentAnswer] {
        try await read("reading what versions were sure of") { db in
            // Outcomes are sorted by version, then by row: one look for each version.
            try ConfidentAnswer.all(
                db,
                """
                SELECT o.exampleID, o.modelVersion, o.predictedLabel, o.confidence
                FROM modelVersion AS v CROSS JOIN outcome AS o ON o.modelVersion = v.version
                WHERE o.exampleID BETWEEN ? AND ? AND o.confidence >= ?
                ORDER BY o.exampleID
                """, [rows.lowerBound, rows.upperBound, confidence])
        }
    }

    /// Writes down which rows a run does not learn from, and puts those whose label is in doubt into quarantine.
    ///
    /// - Parameter doubtful: rows with the reason of the doubt.
    public func record(
        _ leftOut: [LeftOut], doubtful: [(row: StoredExample, reason: String)], at now: Date
    ) async throws {
        try await write("writing down what a run leaves out") { db in
            for part in leftOut { try part.insert(db) }
            for (row, reason) in doubtful {
                let row = QuarantinedRow(
                    source: row.source, at: now, line: nil, reason: reason,
                    excerpt: "\(row.label): \(row.text)")
                _ = try row.quarantine(db)
            }
        }
    }

    /// The rows that a run did not learn from, by reason and source.
    public func leftOut(ofRun id: Int64) async throws -> [LeftOut] {
        try await read("reading what run \(id) left out") { db in
            try LeftOut.all(db, "SELECT * FROM leftOut WHERE runID = ? ORDER BY id", [id])
        }
    }
}
