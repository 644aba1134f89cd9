/// What the fifth form of the database adds: what each trained version was made of, and how.
enum TablesOfVersion5 {
    static let sql = """
        CREATE TABLE lineage (
          version INTEGER NOT NULL PRIMARY KEY REFERENCES modelVersion (version),
          trigger TEXT NOT NULL CHECK (trigger <> ''),
          requestedBy TEXT NOT NULL CHECK (requestedBy <> ''),
          gateID INTEGER REFERENCES gate (id),
          baseChecksum TEXT NOT NULL CHECK (length(baseChecksum) = 64),
          snapshotHash TEXT NOT NULL CHECK (length(snapshotHash) = 64),
          trainingRows INTEGER NOT NULL CHECK (trainingRows > 0),
          developmentRows INTEGER NOT NULL CHECK (developmentRows >= 0),
          provenance TEXT NOT NULL CHECK (json_valid(provenance))
        ) STRICT;
        CREATE TRIGGER lineage_neverChanges BEFORE UPDATE ON lineage
        BEGIN SELECT raise(ABORT, 'where a version came from never changes'); END;
        CREATE TRIGGER lineage_neverEnds BEFORE DELETE ON lineage
        BEGIN SELECT raise(ABORT, 'where a version came from is never forgotten'); END;

        -- The rows themselves never change and are never deleted; here stands which, and in which order.
        CREATE TABLE snapshotRow (
          version INTEGER NOT NULL REFERENCES lineage (version),
          side TEXT NOT NULL CHECK (side IN ('train', 'development')),
          position INTEGER NOT NULL CHECK (position >= 0),
          exampleID INTEGER NOT NULL REFERENCES example (id),
          PRIMARY KEY (version, side, position)
        ) STRICT, WITHOUT ROWID;

        CREATE VIEW version_lineage AS
        SELECT v.version, v.parent, l.trigger, l.requestedBy AS requested_by, v.runID AS run, l.gateID AS gate,
          l.baseChecksum AS base_checksum, v.checksum, l.snapshotHash AS snapshot_hash,
          l.trainingRows AS training_rows, l.developmentRows AS development_rows,
          json_extract(v.arguments, '$.seed') AS seed, v.arguments, l.provenance
        FROM lineage AS l JOIN modelVersion AS v ON v.version = l.version
        ORDER BY v.version;
        """
}
