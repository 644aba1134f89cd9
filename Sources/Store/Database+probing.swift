import GRDB

/// What tests look at and bring about that nobody else should.
extension Database {
    /// Runs statements on the connection that writes, outside a transaction.
    package func execute(_ sql: String) async throws {
        try await writeOutsideTransaction("running a statement") { try $0.execute(sql: sql) }
    }

    /// The rows of a statement as text, their values joined by `|`.
    package func rows(_ sql: String) async throws -> [String] {
        try await read("running a query") { db in
            try Row.fetchAll(db, sql: sql).map { row in
                row.databaseValues.map { String.fromDatabaseValue($0) ?? ($0.isNull ? "" : "\($0)") }
                    .joined(separator: "|")
            }
        }
    }

    /// A database in an earlier form, as an earlier Hone left it.
    package static func inMemory(upTo step: String) throws -> Database {
        let queue = try DatabaseQueue(configuration: configuration)
        try Schema.migrator.migrate(queue, upTo: step)
        return Database(path: ":memory:", writer: queue)
    }

    /// Brings an earlier form up to date.
    package func migrate() throws {
        try Schema.migrator.migrate(writer)
    }
}
