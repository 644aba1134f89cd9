/// What the third form of the database adds: how versions take over from each other.
enum TablesOfVersion3 {
    static let sql = """
        CREATE TABLE rollout (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          stage TEXT NOT NULL CHECK (stage IN ('shadow', 'canary', 'probation')),
          version INTEGER NOT NULL REFERENCES modelVersion (version),
          against INTEGER NOT NULL REFERENCES modelVersion (version) CHECK (against <> version),
          share REAL CHECK (share > 0 AND share < 1),
          isBinding INTEGER NOT NULL CHECK (isBinding IN (0, 1)),
          actor TEXT NOT NULL CHECK (actor <> ''),
          runID INTEGER REFERENCES trainingRun (id),
          startedAt TEXT NOT NULL \(TablesOfVersion1.moment("startedAt")),
          endedAt TEXT \(TablesOfVersion1.moment("endedAt")),
          outcome TEXT CHECK (outcome IN ('passed', 'back', 'warned', 'cancelled')),
          sentence TEXT,
          requests INTEGER NOT NULL DEFAULT 0 CHECK (requests >= 0),
          disagreements INTEGER NOT NULL DEFAULT 0 CHECK (disagreements BETWEEN 0 AND requests),
          CHECK ((endedAt IS NULL) = (outcome IS NULL)),
          CHECK ((stage = 'canary') = (share IS NOT NULL))
        ) STRICT;
        CREATE UNIQUE INDEX rollout_oneActive ON rollout (endedAt IS NULL) WHERE endedAt IS NULL;
        CREATE TRIGGER rollout_endsOnce BEFORE UPDATE ON rollout WHEN OLD.endedAt IS NOT NULL
        BEGIN SELECT raise(ABORT, 'a roll-out that has ended never changes'); END;
        CREATE TRIGGER rollout_neverEnds BEFORE DELETE ON rollout
        BEGIN SELECT raise(ABORT, 'a roll-out is never forgotten'); END;

        CREATE TABLE rolloutPair (
          rolloutID INTEGER NOT NULL REFERENCES rollout (id),
          exampleID INTEGER NOT NULL REFERENCES example (id),
          oldLoss REAL NOT NULL CHECK (oldLoss BETWEEN 0 AND 1),
          newLoss REAL NOT NULL CHECK (newLoss BETWEEN 0 AND 1),
          PRIMARY KEY (rolloutID, exampleID)
        ) STRICT, WITHOUT ROWID;

        CREATE VIEW rollout_history AS
        SELECT r.id AS rollout, r.stage, r.version, r.against, r.share, r.startedAt AS started_at,
          r.endedAt AS ended_at, r.outcome, r.sentence, r.requests, r.disagreements,
          count(p.exampleID) AS labels, ifnull(sum(p.oldLoss > p.newLoss), 0) AS gains,
          ifnull(sum(p.oldLoss < p.newLoss), 0) AS losses
        FROM rollout AS r LEFT JOIN rolloutPair AS p ON p.rolloutID = r.id
        GROUP BY r.id
        ORDER BY r.id;
        """
}
