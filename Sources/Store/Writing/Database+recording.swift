import FoundationEssentials
import GRDB

extension Database {
    /// Stores answers that were given.
    ///
    /// An answer that the schema refuses, such as one of a version that is not registered, is put
    /// into quarantine: it must not keep the others waiting.
    public func insert(predictions: [StoredPrediction]) async throws {
        try await write("storing predictions") { db in
            for prediction in predictions {
                do {
                    try prediction.settled.insert(db)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                    let row = QuarantinedRow(
                        source: "prediction", at: prediction.createdAt, line: nil,
                        reason: "an answer of version \(prediction.modelVersion) cannot be stored: "
                            + (error.message ?? "the schema refuses it"), excerpt: prediction.text)
                    _ = try row.quarantine(db)
                }
            }
        }
    }

    /// Stores what a version said to labelled rows, and that they wait no more. Outcomes that are
    /// stored already stay as they are.
    ///
    /// A probability that is not a number counts as zero, and its loss as the greatest there is: the
    /// row was certainly not predicted.
    public func insert(outcomes: [StoredOutcome]) async throws {
        try await write("storing outcomes") { db in
            let scored = try db.makeStatement(
                sql: "UPDATE example SET scoring = 'scored' WHERE id = ? AND scoring = 'waiting'")
            for outcome in outcomes {
                let isKnown = try Bool.fetchOne(
                    db,
                    SQLRequest(
                        sql: "SELECT 1 FROM outcome WHERE modelVersion = ? AND exampleID = ?",
                        arguments: [outcome.modelVersion, outcome.exampleID], cached: true))
                if isKnown == nil { try outcome.settled.insert(db) }
                try scored.execute(arguments: [outcome.exampleID])
            }
        }
    }

    /// Stores points of figures; one that is not a number is left out.
    public func insert(metrics: [Metric]) async throws {
        try await write("storing metrics") { db in
            for var metric in metrics where metric.value.isFinite {
                metric.lower = metric.lower?.finite
                metric.upper = metric.upper?.finite
                try metric.insert(db)
            }
        }
    }

    /// Stores what a detector said. The same about the same row is stored once, so that rows may be
    /// looked at again.
    ///
    /// - Returns: the detection as it is stored.
    @discardableResult
    public func insert(detection: Detection) async throws -> Detection {
        try await write("storing a detection") { db in
            let known = try Detection.first(
                db,
                """
                SELECT * FROM detection
                WHERE modelVersion = ? AND detector = ? AND verdict = ? AND exampleID = ?
                """,
                [detection.modelVersion, detection.detector, detection.verdict, detection.exampleID])
            return try known ?? detection.inserted(db)
        }
    }
}

extension StoredPrediction {
    /// The prediction with numbers and texts that SQLite can hold.
    fileprivate var settled: StoredPrediction {
        var copy = self
        copy.requestID = requestID.withoutNUL
        copy.text = text.withoutNUL
        copy.pair = pair?.withoutNUL
        copy.confidence = confidence.asProbability
        copy.probabilities = probabilities.map(\.asProbability)
        return copy
    }
}

extension StoredOutcome {
    /// The loss of a true label that was given no probability at all: −ln 10⁻¹².
    private static let greatestLossInNats = 27.631_021_115_928_547

    /// The outcome with numbers that the schema allows: in single precision a certain answer may
    /// have a probability a little above one and a loss a little below zero.
    fileprivate var settled: StoredOutcome {
        var copy = self
        copy.confidence = confidence.asProbability
        copy.probabilities = probabilities.map(\.asProbability)
        copy.loss = loss.isFinite ? min(1, max(0, loss)) : 1
        copy.lossInNats = lossInNats.isFinite ? max(0, lossInNats) : Self.greatestLossInNats
        return copy
    }
}

extension Double {
    fileprivate var finite: Double? { isFinite ? self : nil }
    fileprivate var asProbability: Double { isFinite ? min(1, max(0, self)) : 0 }
}
