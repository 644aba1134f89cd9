/// The tables of the first form of the database.
///
/// The schema holds what must be true, whoever writes: the types after it only say the same. All
/// times are UTC text, `2026-01-31 12:34:56.789`, which sorts as time does. Tables are `STRICT`.
enum TablesOfVersion1 {
    /// Where labelled rows come from, the rows, and what could not be used of them.
    static let labelledRows = """
        CREATE TABLE source (
          name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
          state TEXT CHECK (state IS NULL OR json_valid(state)),
          lastAttemptAt TEXT \(moment("lastAttemptAt")),
          lastSuccessAt TEXT \(moment("lastSuccessAt")),
          lastError TEXT,
          consecutiveFailures INTEGER NOT NULL DEFAULT 0 CHECK (consecutiveFailures >= 0),
          rows INTEGER NOT NULL DEFAULT 0 CHECK (rows >= 0),
          duplicates INTEGER NOT NULL DEFAULT 0 CHECK (duplicates >= 0),
          rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0)
        ) STRICT;

        CREATE TABLE example (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          contentHash TEXT NOT NULL UNIQUE CHECK (contentHash NOT GLOB '*[^0-9a-f]*' AND length(contentHash) = 64),
          text TEXT NOT NULL CHECK (text <> ''),
          pair TEXT,
          label TEXT NOT NULL CHECK (label <> ''),
          observedAt TEXT \(moment("observedAt")),
          receivedAt TEXT NOT NULL \(moment("receivedAt")),
          source TEXT NOT NULL CHECK (source <> ''),
          split TEXT NOT NULL CHECK (split IN ('train', 'development', 'holdout')),
          requestID TEXT,
          weight REAL NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight < 1e9),
          scoring TEXT NOT NULL DEFAULT 'waiting' CHECK (scoring IN ('waiting', 'scored', 'exempt'))
        ) STRICT;
        CREATE INDEX example_waiting ON example (id) WHERE scoring = 'waiting';
        CREATE INDEX example_split ON example (split, id);
        CREATE INDEX example_receivedAt ON example (receivedAt);

        CREATE TABLE quarantinedRow (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          source TEXT NOT NULL,
          at TEXT NOT NULL \(moment("at")),
          line INTEGER CHECK (line > 0),
          reason TEXT NOT NULL CHECK (reason <> ''),
          excerpt TEXT NOT NULL CHECK (length(excerpt) <= 200)
        ) STRICT;
        CREATE INDEX quarantinedRow_at ON quarantinedRow (at);
        -- A page that is fetched again brings the same bad rows again.
        CREATE UNIQUE INDEX quarantinedRow_once ON quarantinedRow (source, ifnull(line, 0), reason, excerpt);
        """

    /// How versions come to be, and which one is live.
    static let models = """
        CREATE TABLE trainingRun (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          trigger TEXT NOT NULL CHECK (trigger <> ''),
          reason TEXT NOT NULL,
          requestedBy TEXT NOT NULL,
          state TEXT NOT NULL CHECK (
            state IN ('queued', 'running', 'judging', 'promoted', 'refused', 'failed', 'cancelled')),
          baseVersion INTEGER NOT NULL REFERENCES modelVersion (version),
          challengerVersion INTEGER REFERENCES modelVersion (version),
          queuedAt TEXT NOT NULL \(moment("queuedAt")),
          startedAt TEXT \(moment("startedAt")),
          finishedAt TEXT \(moment("finishedAt")),
          processID INTEGER CHECK (processID > 0),
          directory TEXT NOT NULL,
          trainingRows INTEGER NOT NULL DEFAULT 0 CHECK (trainingRows >= 0),
          cut INTEGER CHECK (cut >= 0),
          step INTEGER NOT NULL DEFAULT 0 CHECK (step >= 0),
          totalSteps INTEGER NOT NULL DEFAULT 0 CHECK (totalSteps >= 0),
          loss REAL,
          developmentAccuracy REAL CHECK (developmentAccuracy BETWEEN 0 AND 1),
          verdict TEXT CHECK (verdict IS NULL OR json_valid(verdict)),
          error TEXT,
          CHECK ((finishedAt IS NULL) = (state IN ('queued', 'running', 'judging'))),
          CHECK (startedAt IS NOT NULL OR state NOT IN ('running', 'judging', 'promoted', 'refused'))
        ) STRICT;
        CREATE UNIQUE INDEX trainingRun_oneActive ON trainingRun (finishedAt IS NULL) WHERE finishedAt IS NULL;

        CREATE TABLE modelVersion (
          version INTEGER PRIMARY KEY CHECK (version > 0),
          parent INTEGER REFERENCES modelVersion (version),
          runID INTEGER REFERENCES trainingRun (id),
          createdAt TEXT NOT NULL \(moment("createdAt")),
          origin TEXT NOT NULL CHECK (origin IN ('imported', 'trained')),
          checksum TEXT NOT NULL CHECK (checksum NOT GLOB '*[^0-9a-f]*' AND length(checksum) = 64),
          labels TEXT NOT NULL CHECK (json_valid(labels)),
          task TEXT NOT NULL CHECK (task <> ''),
          metrics TEXT NOT NULL CHECK (json_valid(metrics)),
          arguments TEXT NOT NULL CHECK (json_valid(arguments)),
          note TEXT NOT NULL
        ) STRICT;

        CREATE TABLE promotion (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          at TEXT NOT NULL \(moment("at")),
          version INTEGER NOT NULL REFERENCES modelVersion (version),
          previousVersion INTEGER REFERENCES modelVersion (version),
          kind TEXT NOT NULL CHECK (kind IN ('initial', 'promoted', 'forced', 'rollback')),
          reason TEXT NOT NULL CHECK (reason <> ''),
          actor TEXT NOT NULL CHECK (actor <> ''),
          runID INTEGER REFERENCES trainingRun (id),
          referenceErrors INTEGER NOT NULL CHECK (referenceErrors >= 0),
          referenceCount INTEGER NOT NULL CHECK (referenceCount >= referenceErrors),
          verdict TEXT CHECK (verdict IS NULL OR json_valid(verdict))
        ) STRICT;
        CREATE INDEX promotion_version ON promotion (version);
        """

    /// What models said, and what was seen in it.
    static let observations = """
        CREATE TABLE prediction (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          requestID TEXT NOT NULL,
          item INTEGER NOT NULL CHECK (item >= 0),
          modelVersion INTEGER NOT NULL REFERENCES modelVersion (version),
          text TEXT NOT NULL,
          pair TEXT,
          label TEXT NOT NULL,
          confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
          probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
          tokens INTEGER NOT NULL CHECK (tokens >= 0),
          unknownTokens INTEGER NOT NULL CHECK (unknownTokens >= 0),
          createdAt TEXT NOT NULL \(moment("createdAt"))
        ) STRICT;
        CREATE INDEX prediction_request ON prediction (requestID, item);
        CREATE INDEX prediction_createdAt ON prediction (createdAt);

        CREATE TABLE outcome (
          exampleID INTEGER NOT NULL REFERENCES example (id),
          modelVersion INTEGER NOT NULL REFERENCES modelVersion (version),
          predictedLabel TEXT NOT NULL,
          label TEXT NOT NULL,
          loss REAL NOT NULL CHECK (loss BETWEEN 0 AND 1),
          lossInNats REAL NOT NULL CHECK (lossInNats >= 0),
          confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
          probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
          tokens INTEGER NOT NULL CHECK (tokens >= 0),
          unknownTokens INTEGER NOT NULL CHECK (unknownTokens >= 0),
          scoredAt TEXT NOT NULL \(moment("scoredAt")),
          -- In the order in which a version's watch is replayed.
          PRIMARY KEY (modelVersion, exampleID)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX outcome_scoredAt ON outcome (scoredAt);

        CREATE TABLE metric (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          at TEXT NOT NULL \(moment("at")),
          name TEXT NOT NULL CHECK (name <> ''),
          value REAL NOT NULL,
          lower REAL,
          upper REAL,
          count INTEGER NOT NULL CHECK (count >= 0),
          modelVersion INTEGER NOT NULL REFERENCES modelVersion (version)
        ) STRICT;
        CREATE INDEX metric_series ON metric (name, at);
        CREATE INDEX metric_at ON metric (at);

        CREATE TABLE detection (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          at TEXT NOT NULL \(moment("at")),
          detector TEXT NOT NULL CHECK (detector <> ''),
          verdict TEXT NOT NULL CHECK (verdict IN ('warning', 'drift')),
          evidence REAL NOT NULL,
          threshold REAL NOT NULL,
          exampleID INTEGER REFERENCES example (id),
          changeBeganAt TEXT \(moment("changeBeganAt")),
          modelVersion INTEGER NOT NULL REFERENCES modelVersion (version),
          details TEXT NOT NULL CHECK (json_valid(details))
        ) STRICT;
        CREATE INDEX detection_at ON detection (at);
        -- What was said about a row is said once, also when the row is looked at again after a restart.
        CREATE UNIQUE INDEX detection_once ON detection (modelVersion, detector, verdict, exampleID)
          WHERE exampleID IS NOT NULL;
        """

    /// What a row may become.
    static let rules = """
        CREATE TRIGGER promotion_neverChanges BEFORE UPDATE ON promotion
        BEGIN SELECT raise(ABORT, 'promotion is append-only: what was live stays written'); END;
        CREATE TRIGGER promotion_neverEnds BEFORE DELETE ON promotion
        BEGIN SELECT raise(ABORT, 'promotion is append-only: what was live stays written'); END;

        CREATE TRIGGER modelVersion_neverChanges BEFORE UPDATE ON modelVersion
        BEGIN SELECT raise(ABORT, 'a model version never changes'); END;
        CREATE TRIGGER modelVersion_neverEnds BEFORE DELETE ON modelVersion
        BEGIN SELECT raise(ABORT, 'a model version is never forgotten'); END;

        CREATE TRIGGER example_neverChanges
        BEFORE UPDATE OF id, contentHash, text, pair, label, split ON example
        BEGIN SELECT raise(ABORT, 'an example never changes'); END;

        CREATE TRIGGER trainingRun_begins BEFORE INSERT ON trainingRun WHEN NEW.state <> 'queued'
        BEGIN SELECT raise(ABORT, 'a run begins queued'); END;
        CREATE TRIGGER trainingRun_moves BEFORE UPDATE OF state ON trainingRun
        WHEN NEW.state <> OLD.state AND NOT (
          (OLD.state = 'queued' AND NEW.state IN ('running', 'failed', 'cancelled'))
          OR (OLD.state = 'running' AND NEW.state IN ('judging', 'failed', 'cancelled'))
          OR (OLD.state = 'judging' AND NEW.state IN ('promoted', 'refused', 'failed', 'cancelled')))
        BEGIN SELECT raise(ABORT, 'a run cannot go this way'); END;
        """

    /// The shape of a time in UTC text.
    static func moment(_ column: String) -> String {
        "CHECK (\(column) GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]')"
    }
}
