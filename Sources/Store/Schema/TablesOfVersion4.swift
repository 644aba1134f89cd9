/// What the fourth form of the database adds: what served when, so that nobody can say otherwise later.
enum TablesOfVersion4 {
    static let sql = """
        CREATE TABLE audit (
          id INTEGER PRIMARY KEY CHECK (id > 0),
          at TEXT NOT NULL \(TablesOfVersion1.moment("at")),
          event TEXT NOT NULL CHECK (
            event IN ('initial', 'promoted', 'forced', 'rollback', 'canary', 'canaryEnded')),
          version INTEGER NOT NULL REFERENCES modelVersion (version),
          previousVersion INTEGER REFERENCES modelVersion (version),
          share REAL CHECK (share > 0 AND share < 1),
          checksum TEXT NOT NULL \(digest("checksum")),
          actor TEXT NOT NULL CHECK (actor <> ''),
          reason TEXT NOT NULL CHECK (reason <> ''),
          promotionID INTEGER UNIQUE REFERENCES promotion (id),
          previousHash TEXT NOT NULL \(digest("previousHash")),
          hash TEXT NOT NULL UNIQUE \(digest("hash")),
          CHECK ((promotionID IS NULL) = (event IN ('canary', 'canaryEnded')))
        ) STRICT;
        CREATE TRIGGER audit_neverChanges BEFORE UPDATE ON audit
        BEGIN SELECT raise(ABORT, 'audit is append-only: what served stays written'); END;
        CREATE TRIGGER audit_neverEnds BEFORE DELETE ON audit
        BEGIN SELECT raise(ABORT, 'audit is append-only: what served stays written'); END;
        CREATE TRIGGER audit_goesOn BEFORE INSERT ON audit
        WHEN NEW.id <> ifnull((SELECT max(id) FROM audit), 0) + 1
          OR NEW.previousHash <> ifnull(
            (SELECT hash FROM audit ORDER BY id DESC LIMIT 1), '\(AuditEntry.beginning)')
        BEGIN SELECT raise(ABORT, 'a row of audit holds the hash of the row before'); END;

        CREATE VIEW audit_trail AS
        SELECT id AS entry, at, event, version, previousVersion AS previous_version, share, checksum, actor,
          reason, previousHash AS previous_hash, hash
        FROM audit
        ORDER BY id;
        """

    private static func digest(_ column: String) -> String {
        "CHECK (length(\(column)) = 64 AND \(column) NOT GLOB '*[^0-9a-f]*')"
    }
}
