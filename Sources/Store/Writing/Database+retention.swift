public import FoundationEssentials
import GRDB

/// How long what is kept.
///
/// Examples, versions, runs, promotions and detections are kept for ever: they are what a model was
/// made of and judged by.
public struct RetentionPolicy: Sendable, Equatable {
    /// Served predictions.
    public var predictions: Duration
    /// What versions said to labelled rows, and the metrics made of it. What the live version said
    /// since its promotion is kept in any case: its watch is rebuilt from it at every start.
    public var outcomes: Duration
    /// Rows that could not be used.
    public var quarantine: Duration
    /// Above this size the oldest predictions go, then quarantined rows, then outcomes, whatever
    /// their age.
    public var databaseBytes: Int

    public init(predictions: Duration, outcomes: Duration, quarantine: Duration, databaseBytes: Int) {
        self.predictions = predictions
        self.outcomes = outcomes
        self.quarantine = quarantine
        self.databaseBytes = databaseBytes
    }
}

/// What retention let go of.
public struct RetentionReceipt: Sendable, Equatable {
    public var predictions = 0
    public var outcomes = 0
    public var metrics = 0
    public var quarantined = 0
    /// The size of the database afterwards.
    public var databaseBytes = 0
    /// Whether the database is still larger than it should be: the rest of it is kept for ever.
    public var isOverBudget = false

    public init() {}

    /// All rows together.
    public var deleted: Int { predictions + outcomes + metrics + quarantined }
}

extension Database {
    /// How many rows a transaction of retention deletes: a few milliseconds in which others wait.
    private static let rowsAtOnce = 1_000
    /// How many pages are given back to the file system at once.
    private static let pagesAtOnce = 256

    /// Lets go of what is too old, then of what is too much, in small transactions between which
    /// others write. Stopping half-way harms nothing.
    public func applyRetention(_ policy: RetentionPolicy, at now: Date) async throws -> RetentionReceipt {
        var receipt = RetentionReceipt()
        receipt.predictions += try await deleteAll(Expiry.prediction, before: now - policy.predictions)
        receipt.outcomes += try await deleteAll(Expiry.outcome, before: now - policy.outcomes)
        receipt.metrics += try await deleteAll(Expiry.metric, before: now - policy.outcomes)
        receipt.quarantined += try await deleteAll(Expiry.quarantinedRow, before: now - policy.quarantine)

        let excess = policy.databaseBytes
        receipt.predictions += try await delete(Expiry.prediction, whileLargerThan: excess)
        receipt.quarantined += try await delete(Expiry.quarantinedRow, whileLargerThan: excess)
        receipt.outcomes += try await delete(Expiry.outcome, whileLargerThan: excess)
        receipt.metrics += try await delete(Expiry.metric, whileLargerThan: excess)

        try await giveBackPages()
        receipt.databaseBytes = try await read("measuring the database") { try FileSize.read($0).used }
        receipt.isOverBudget = receipt.databaseBytes > policy.databaseBytes
        return receipt
    }

    private func deleteAll(_ expiry: Expiry, before limit: Date) async throws -> Int {
        var total = 0
        while case let count = try await deleteOldest(expiry, before: limit), count > 0 { total += count }
        return total
    }

    private func delete(_ expiry: Expiry, whileLargerThan bytes: Int) async throws -> Int {
        var total = 0
        while try await read("measuring the database", { try FileSize.read($0).used }) > bytes {
            let count = try await deleteOldest(expiry, before: .distantFuture)
            guard count > 0 else { break }
            total += count
        }
        return total
    }

    private func deleteOldest(_ expiry: Expiry, before limit: Date) async throws -> Int {
        try Task.checkCancellation()
        let limit = min(limit, Date(timeIntervalSince1970: 253_402_300_799))
        guard limit.isStorable else { return 0 }
        return try await write("applying retention") { db in
            try db.execute(sql: expiry.sql, arguments: ["limit": limit, "count": Self.rowsAtOnce])
            return db.changesCount
        }
    }

    /// Free pages go back to the file system in pieces, so that no writer waits long.
    private func giveBackPages() async throws {
        while try await read("measuring the database", { try FileSize.read($0).freePages }) > Self.pagesAtOnce
        {
            try Task.checkCancellation()
            try await writeOutsideTransaction("giving free pages back") { db in
                try db.execute(sql: "PRAGMA incremental_vacuum(\(Self.pagesAtOnce))")
            }
        }
    }
}

/// The statement that deletes the oldest rows of a table.
private struct Expiry: Sendable {
    let sql: String

    static let prediction = Expiry(table: "prediction", time: "createdAt")
    static let metric = Expiry(table: "metric", time: "at")
    static let quarantinedRow = Expiry(table: "quarantinedRow", time: "at")
    static let outcome = Expiry(
        sql: """
            WITH live AS (SELECT version, at FROM promotion ORDER BY id DESC LIMIT 1)
            DELETE FROM outcome WHERE (modelVersion, exampleID) IN (
              SELECT modelVersion, exampleID FROM outcome
              WHERE scoredAt < :limit AND NOT EXISTS (
                SELECT 1 FROM live WHERE live.version = modelVersion AND live.at <= scoredAt)
              ORDER BY scoredAt LIMIT :count)
            """)

    private init(sql: String) {
        self.sql = sql
    }

    private init(table: String, time: String) {
        sql = """
            DELETE FROM \(table) WHERE id IN (
              SELECT id FROM \(table) WHERE \(time) < :limit ORDER BY \(time) LIMIT :count)
            """
    }
}

/// How large the file is.
struct FileSize {
    var pages: Int
    var freePages: Int
    var pageBytes: Int

    /// In bytes, without pages that stand empty.
    var used: Int { (pages - freePages) * pageBytes }

    static func read(_ db: Connection) throws -> FileSize {
        FileSize(
            pages: try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0,
            freePages: try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0,
            pageBytes: try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
    }
}

extension Date {
    fileprivate static func - (date: Date, age: Duration) -> Date {
        date.addingTimeInterval(-(age / .seconds(1)))
    }
}
