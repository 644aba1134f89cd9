public import Corpus
public import FoundationEssentials
import GRDB

/// What became of a page of rows.
public struct PageReceipt: Sendable, Equatable {
    /// The rows that were new, in the order of the page.
    public var inserted: [StoredExample]
    /// How many rows were known before.
    public var duplicates: Int
    /// How many rows were newly put into quarantine.
    public var quarantined: Int

    public init(inserted: [StoredExample] = [], duplicates: Int = 0, quarantined: Int = 0) {
        self.inserted = inserted
        self.duplicates = duplicates
        self.quarantined = quarantined
    }
}

extension Database {
    /// Stores a fetched page and where the next one begins: both or neither, so that no crash loses
    /// a row or reads one twice.
    ///
    /// Rows without a label, or that cannot be stored, go into quarantine; a row that is known is
    /// counted and changes nothing.
    ///
    /// - Parameter state: the source's cursor as JSON.
    public func recordPage(
        source: String, examples: [Example], rejected: [RejectedRow], state: String?, at now: Date
    ) async throws -> PageReceipt {
        try await write("storing a page of source \(source)") { db in
            var receipt = PageReceipt()
            for example in examples {
                try IncomingRow(example, source: source, at: now).take(db, into: &receipt)
            }
            for row in rejected {
                let row = QuarantinedRow(
                    source: source, at: now, line: row.line, reason: row.reason, excerpt: row.excerpt)
                if try row.quarantine(db) { receipt.quarantined += 1 }
            }
            var record = try SourceRecord.named(source, db)
            record.state = state
            record.lastAttemptAt = now
            record.lastSuccessAt = now
            record.lastError = nil
            record.consecutiveFailures = 0
            record.rows += receipt.inserted.count
            record.duplicates += receipt.duplicates
            record.rejected += receipt.quarantined
            try Entry(record).save(db)
            return receipt
        }
    }

    /// Notes that a source could not be read; its cursor stays where it was.
    public func recordSourceFailure(source: String, error: String, at now: Date) async throws {
        try await write("noting the failure of source \(source)") { db in
            var record = try SourceRecord.named(source, db)
            record.lastAttemptAt = now
            record.lastError = error.withoutNUL
            record.consecutiveFailures += 1
            try Entry(record).save(db)
        }
    }

    /// Takes rows in that come with a model which may have learned from them: they are replayed by
    /// later runs and their hold-out is the anchor, but the live model is never scored on them.
    ///
    /// - Returns: how many rows were new.
    @discardableResult
    public func importExamples(_ examples: [Example], source: String, at now: Date) async throws -> Int {
        try await write("importing \(examples.count) rows") { db in
            var receipt = PageReceipt()
            for example in examples {
                var row = IncomingRow(example, source: source, at: now)
                row.scoring = .exempt
                try row.take(db, into: &receipt)
            }
            return receipt.inserted.count
        }
    }
}

extension IncomingRow {
    fileprivate init(_ example: Example, source: String, at now: Date) {
        self.init(
            text: example.text, pair: example.pair, target: example.target,
            observedAt: example.observedAt, receivedAt: now, source: source, metadata: example.metadata)
    }

    fileprivate func take(_ db: Connection, into receipt: inout PageReceipt) throws {
        if let problem {
            if try quarantined(because: problem).quarantine(db) { receipt.quarantined += 1 }
        } else if let row = try insert(db) {
            receipt.inserted.append(row)
        } else {
            receipt.duplicates += 1
        }
    }
}

extension SourceRecord {
    fileprivate static func named(_ name: String, _ db: Connection) throws -> SourceRecord {
        try SourceRecord.first(db, "SELECT * FROM source WHERE name = ?", [name]) ?? SourceRecord(name: name)
    }
}
