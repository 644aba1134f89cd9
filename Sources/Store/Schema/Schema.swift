import GRDB

/// The form of the database, and how earlier forms become this one.
enum Schema {
    /// "Hone" in ASCII, in the header of the file.
    static let applicationID: Int32 = 0x486F_6E65

    /// All forms that the database has gone through, the oldest first. A step that was released
    /// never changes; what is to be otherwise becomes a new step. Each is one transaction.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 the loop closes") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: TablesOfVersion1.labelledRows)
            try db.execute(sql: TablesOfVersion1.models)
            try db.execute(sql: TablesOfVersion1.observations)
            try db.execute(sql: TablesOfVersion1.rules)
            try db.execute(sql: ViewsOfVersion1.sql)
        }
        migrator.registerMigration("0002 gates are counted") { db in
            try db.execute(sql: TablesOfVersion2.sql)
            try db.execute(sql: TablesOfVersion2.gatesSoFar)
        }
        migrator.registerMigration("0003 versions take over step by step") { db in
            try db.execute(sql: TablesOfVersion3.sql)
        }
        migrator.registerMigration("0004 what served when cannot be changed") { db in
            try db.execute(sql: TablesOfVersion4.sql)
            for promotion in try Promotion.all(db, "SELECT * FROM promotion ORDER BY id") {
                try AuditEntry.append(promotion, db)
            }
        }
        migrator.registerMigration("0005 versions know what they were made of") { db in
            try db.execute(sql: TablesOfVersion5.sql)
        }
        migrator.registerMigration("0006 runs know what they cost") { db in
            try db.execute(sql: TablesOfVersion6.sql)
        }
        migrator.registerMigration("0007 remedies are tried one after another") { db in
            try db.execute(sql: TablesOfVersion7.sql)
        }
        migrator.registerMigration("0008 alerts are told once") { db in
            try db.execute(sql: TablesOfVersion8.sql)
        }
        migrator.registerMigration("0009 runs know what they left out") { db in
            try db.execute(sql: TablesOfVersion9.sql)
        }
        migrator.registerMigration("0010 rows say what is true for every task") { db in
            try db.execute(sql: TablesOfVersion10.targets)
            try db.execute(sql: TablesOfVersion10.rungs)
        }
        migrator.registerMigration("0011 rows know by what chance they were drawn") { db in
            try db.execute(sql: TablesOfVersion11.sql)
        }
        migrator.registerMigration("0012 rows keep what else was said of them") { db in
            try db.execute(sql: TablesOfVersion12.sql)
        }
        return migrator
    }

    /// Refuses a file that is not ours to write.
    static func recognize(_ db: Connection, _ path: String) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        // GRDB's own table comes before the first migration does.
        let isEmpty =
            try Int.fetchOne(
                db,
                sql:
                    "SELECT count(*) FROM sqlite_schema WHERE name NOT GLOB 'grdb_*' AND name NOT GLOB 'sqlite_*'"
            ) == 0
        guard application == applicationID || (application == 0 && isEmpty) else {
            throw StoreError.foreignDatabase(path: path)
        }
        guard try migrator.hasBeenSuperseded(db) else { return }
        let known = Set(migrator.migrations)
        let unknown = try migrator.appliedIdentifiers(db).subtracting(known).sorted()
        throw StoreError.newerSchema(path: path, unknown: unknown)
    }
}
