import GRDB

/// Everything that survives a restart, except the weights: one SQLite file.
///
/// A write is one transaction that leaves every invariant as it found it, and is on the disk when
/// it returns. A write that was begun is carried through even if the task that asked for it is
/// cancelled. Reads go on beside writes and see what was committed before they began.
public struct Database: Sendable {
    /// Where the file lies; `:memory:` for none.
    public let path: String
    let writer: any DatabaseWriter

    // MARK: Opening

    /// Opens the database, or creates it, and brings its schema up to date.
    ///
    /// - Throws: `StoreError` for a file that is damaged, of another program or of a later Hone;
    ///   such a file is left alone.
    public static func open(at path: String) throws -> Database {
        try translating(path, "opening the database") {
            try recognize(path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL, with which a power cut may undo the last transactions. What was
                // acknowledged must stay.
                try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
            }
            do {
                try Schema.migrator.migrate(pool)
            } catch {
                // Another program may have opened the file in the same moment and taken the step first.
                guard try pool.read(Schema.migrator.hasCompletedMigrations) else { throw error }
            }
            return Database(path: path, writer: pool)
        }
    }

    /// Refuses a file that is not ours before anything touches it: opening a database for writing
    /// changes its journal mode.
    private static func recognize(_ path: String) throws {
        guard let size = FileSystem.size(of: path), size > 0 else { return }
        try ReadOnlyAccess(path: path).open { writer in
            try writer.read { db in try Schema.recognize(db, path) }
        }
    }

    /// Opens the database for reading only, whether the daemon runs or not, and also where this user
    /// may not write beside the file.
    ///
    /// - Throws: `StoreError`, among them `olderSchema` where `open` would have to write.
    public static func openReadOnly(at path: String) throws -> Database {
        try ReadOnlyAccess(path: path).open { writer in
            try writer.read { db in
                try Schema.recognize(db, path)
                guard try Schema.migrator.hasCompletedMigrations(db) else {
                    throw StoreError.olderSchema(path: path)
                }
            }
            return Database(path: path, writer: writer)
        }
    }

    /// A database that vanishes with its last reference.
    public static func inMemory() throws -> Database {
        let queue = try DatabaseQueue(configuration: configuration)
        try Schema.migrator.migrate(queue)
        return Database(path: ":memory:", writer: queue)
    }

    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "Store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // Only an empty file takes this on; retention then gives pages back piece by piece.
            if !db.configuration.readonly { try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
            try db.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }

    // MARK: Access

    /// Carries a transaction out, whole or not at all.
    ///
    /// - Parameter operation: what it does, as the beginning of a sentence: "storing a page".
    func write<T: Sendable>(
        _ operation: String, _ updates: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await Self.translating(path, operation) {
            // Not the `async` form of `write`, which a cancelled task would roll back.
            try await withCheckedThrowingContinuation { continuation in
                writer.asyncWrite(updates) { _, result in continuation.resume(with: result) }
            }
        }
    }

    /// Runs statements that cannot stand in a transaction.
    func writeOutsideTransaction<T: Sendable>(
        _ operation: String, _ updates: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await Self.translating(path, operation) { try await writer.writeWithoutTransaction(updates) }
    }

    /// Reads one consistent state.
    func read<T: Sendable>(
        _ operation: String, _ value: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await Self.translating(path, operation) { try await writer.read(value) }
    }
}
