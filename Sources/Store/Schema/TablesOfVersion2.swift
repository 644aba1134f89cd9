/// What the second form of the database adds: the anchors, and the trials that wore them.
enum TablesOfVersion2 {
    static let sql = """
        CREATE TABLE anchor (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          drawnAt TEXT NOT NULL \(TablesOfVersion1.moment("drawnAt")),
          reason TEXT NOT NULL CHECK (reason <> '')
        ) STRICT;

        CREATE TABLE anchorRow (
          anchorID INTEGER NOT NULL REFERENCES anchor (id),
          exampleID INTEGER NOT NULL REFERENCES example (id),
          PRIMARY KEY (anchorID, exampleID)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX anchorRow_example ON anchorRow (exampleID);

        CREATE TABLE gate (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          at TEXT NOT NULL \(TablesOfVersion1.moment("at")),
          anchorID INTEGER NOT NULL REFERENCES anchor (id),
          number INTEGER NOT NULL CHECK (number > 0),
          champion INTEGER NOT NULL REFERENCES modelVersion (version),
          runID INTEGER REFERENCES trainingRun (id),
          version INTEGER REFERENCES modelVersion (version),
          isPromoted INTEGER NOT NULL CHECK (isPromoted IN (0, 1)),
          verdict TEXT NOT NULL CHECK (json_valid(verdict)),
          UNIQUE (anchorID, number)
        ) STRICT;
        CREATE TRIGGER gate_neverChanges BEFORE UPDATE ON gate
        BEGIN SELECT raise(ABORT, 'what a gate found stays written'); END;
        CREATE TRIGGER gate_neverEnds BEFORE DELETE ON gate
        BEGIN SELECT raise(ABORT, 'what a gate found stays written'); END;

        CREATE VIEW gate_history AS
        SELECT id AS gate, at, anchorID AS anchor, number, champion, runID AS run, version,
          isPromoted AS is_promoted, json_extract(verdict, '$.sentence') AS verdict
        FROM gate
        ORDER BY id;
        """

    /// Trials that were judged before they were counted all had the first anchor, drawn by the same rule.
    static let gatesSoFar = """
        INSERT INTO anchor (drawnAt, reason)
        SELECT at, 'the hold-out that came with the first models' FROM (
          SELECT min(finishedAt) AS at FROM trainingRun WHERE state IN ('promoted', 'refused'))
        WHERE at IS NOT NULL;

        INSERT INTO anchorRow (anchorID, exampleID)
        SELECT anchor.id, row.id FROM anchor, (
          SELECT id FROM example WHERE split = 'holdout' AND CASE
            WHEN EXISTS (SELECT 1 FROM example WHERE split = 'holdout' AND scoring = 'exempt')
            THEN scoring = 'exempt' ELSE id <= (SELECT min(cut) FROM trainingRun) END
          ORDER BY substr(contentHash, 33) LIMIT 2000) AS row;

        INSERT INTO gate (at, anchorID, number, champion, runID, version, isPromoted, verdict)
        SELECT run.finishedAt, anchor.id, row_number() OVER (ORDER BY run.id), run.baseVersion, run.id,
          run.challengerVersion, run.state = 'promoted', ifnull(run.verdict, '{}')
        FROM trainingRun AS run, anchor WHERE run.state IN ('promoted', 'refused');
        """
}
