/// What the seventh form of the database adds: the remedies that runs tried, and what each cost.
enum TablesOfVersion7 {
    static let sql = """
        CREATE TABLE rung (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          runID INTEGER NOT NULL REFERENCES trainingRun (id),
          at TEXT NOT NULL \(TablesOfVersion1.moment("at")),
          level TEXT NOT NULL CHECK (level <> ''),
          outcome TEXT NOT NULL CHECK (outcome IN ('failed', 'hopeless', 'refused', 'partial', 'promoted')),
          rows INTEGER NOT NULL CHECK (rows >= 0),
          cpuSeconds REAL NOT NULL CHECK (cpuSeconds >= 0),
          seconds REAL NOT NULL CHECK (seconds >= 0),
          sentence TEXT NOT NULL
        ) STRICT;
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
