/// What the tenth form of the database adds: what is true of a row whatever the task is, and remedies that
/// were passed over.
enum TablesOfVersion10 {
    /// Rows from before have one label each. `task` is what `Target.task` says of the target.
    static let targets = """
        ALTER TABLE example ADD COLUMN target TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(target));
        UPDATE example SET target = json_object('label', json_object('_0', label));
        ALTER TABLE example ADD COLUMN task TEXT GENERATED ALWAYS AS (CASE
          WHEN json_type(target, '$.label') IS NOT NULL THEN 'text-classification'
          WHEN json_type(target, '$.labels') IS NOT NULL THEN 'multi-label-classification'
          WHEN json_type(target, '$.score') IS NOT NULL THEN 'scoring'
          WHEN json_type(target, '$.tags') IS NOT NULL THEN 'token-classification'
          WHEN json_type(target, '$.spans') IS NOT NULL THEN 'token-classification'
          WHEN json_type(target, '$.answers') IS NOT NULL THEN 'question-answering'
          ELSE 'text-generation' END) VIRTUAL;

        DROP TRIGGER example_neverChanges;
        CREATE TRIGGER example_neverChanges
        BEFORE UPDATE OF id, contentHash, text, pair, label, target, split ON example
        BEGIN SELECT raise(ABORT, 'an example never changes'); END;

        ALTER TABLE anchor ADD COLUMN task TEXT NOT NULL DEFAULT 'text-classification' CHECK (task <> '');
        """

    /// SQLite cannot change what a column may hold: the table of remedies is written once more.
    static let rungs = """
        DROP VIEW rung_history;
        ALTER TABLE rung RENAME TO rungOfVersion7;
        DROP INDEX rung_run;
        CREATE TABLE rung (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          runID INTEGER NOT NULL REFERENCES trainingRun (id),
          at TEXT NOT NULL \(TablesOfVersion1.moment("at")),
          level TEXT NOT NULL CHECK (level <> ''),
          outcome TEXT NOT NULL CHECK (
            outcome IN ('skipped', 'failed', 'hopeless', 'refused', 'partial', 'promoted')),
          rows INTEGER NOT NULL CHECK (rows >= 0),
          cpuSeconds REAL NOT NULL CHECK (cpuSeconds >= 0),
          seconds REAL NOT NULL CHECK (seconds >= 0),
          sentence TEXT NOT NULL
        ) STRICT;
        INSERT INTO rung SELECT * FROM rungOfVersion7;
        DROP TABLE rungOfVersion7;
        CREATE INDEX rung_run ON rung (runID);
        CREATE TRIGGER rung_neverChanges BEFORE UPDATE ON rung
        BEGIN SELECT raise(ABORT, 'what a remedy gave stays written'); END;
        CREATE TRIGGER rung_neverEnds BEFORE DELETE ON rung
        BEGIN SELECT raise(ABORT, 'what a remedy gave stays written'); END;

        CREATE VIEW rung_history AS
        SELECT id AS rung, runID AS run, at, level, outcome, rows, cpuSeconds AS cpu_seconds, seconds, sentence
        FROM rung
        ORDER BY id;
        """
}
