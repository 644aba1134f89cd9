/// What the ninth form of the database adds: the rows that runs did not learn from, and why.
enum TablesOfVersion9 {
    static let sql = """
        CREATE TABLE leftOut (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          runID INTEGER NOT NULL REFERENCES trainingRun (id),
          reason TEXT NOT NULL CHECK (reason IN ('leak', 'near-duplicate', 'slip', 'liar', 'flood')),
          source TEXT NOT NULL CHECK (source <> ''),
          rows INTEGER NOT NULL CHECK (rows > 0),
          UNIQUE (runID, reason, source)
        ) STRICT;
        CREATE TRIGGER leftOut_neverChanges BEFORE UPDATE ON leftOut
        BEGIN SELECT raise(ABORT, 'what a run left out stays written'); END;
        CREATE TRIGGER leftOut_neverEnds BEFORE DELETE ON leftOut
        BEGIN SELECT raise(ABORT, 'what a run left out stays written'); END;

        CREATE VIEW left_out_rows AS
        SELECT runID AS run, reason, source, rows FROM leftOut ORDER BY id;
        """
}
