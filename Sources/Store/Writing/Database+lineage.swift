import GRDB

extension Database {
    /// What a version was made of; `nil` for one that was imported, or trained before this was kept.
    public func lineage(of version: Int) async throws -> StoredLineage? {
        try await read("reading where version \(version) came from") { db in
            try StoredLineage.first(db, "SELECT * FROM lineage WHERE version = ?", [version])
        }
    }

    /// The rows that a version was trained on, in their order.
    public func snapshot(of version: Int) async throws -> Snapshot {
        try await read("reading what version \(version) learned from") { db in
            func side(_ name: String) throws -> [StoredExample] {
                try StoredExample.all(
                    db,
                    """
                    SELECT e.* FROM snapshotRow AS s JOIN example AS e ON e.id = s.exampleID
                    WHERE s.version = ? AND s.side = ? ORDER BY s.position
                    """, [version, name])
            }
            return Snapshot(training: try side("train"), development: try side("development"))
        }
    }
}

extension LineageDraft {
    /// Writes down what a version was made of, in the transaction that registers it.
    func insert(as version: Int, _ db: Connection) throws {
        try StoredLineage(
            version: version, trigger: trigger, requestedBy: requestedBy, gateID: gateID,
            baseChecksum: baseChecksum, snapshotHash: snapshot.hash, trainingRows: snapshot.training.count,
            developmentRows: snapshot.development.count, provenance: provenance
        ).insert(db)
        let statement = try db.makeStatement(
            sql: "INSERT INTO snapshotRow (version, side, position, exampleID) VALUES (?, ?, ?, ?)")
        for (side, rows) in [("train", snapshot.training), ("development", snapshot.development)] {
            for (position, row) in rows.enumerated() {
                try statement.execute(arguments: [version, side, position, row.id])
            }
        }
    }
}
