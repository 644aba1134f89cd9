/// What the eighth form of the database adds: the outbox of alerts, so that each is told once, whatever
/// happens to the daemon meanwhile.
enum TablesOfVersion8 {
    static let sql = """
        CREATE TABLE alertChannel (
          name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
          since TEXT NOT NULL \(TablesOfVersion1.moment("since"))
        ) STRICT;

        CREATE TABLE alert (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          event TEXT NOT NULL CHECK (event <> ''),
          channel TEXT NOT NULL CHECK (channel <> ''),
          kind TEXT NOT NULL CHECK (kind <> ''),
          at TEXT NOT NULL \(TablesOfVersion1.moment("at")),
          body TEXT NOT NULL CHECK (json_valid(body)),
          queuedAt TEXT NOT NULL \(TablesOfVersion1.moment("queuedAt")),
          state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'abandoned')),
          attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
          nextAttemptAt TEXT NOT NULL \(TablesOfVersion1.moment("nextAttemptAt")),
          lastAttemptAt TEXT \(TablesOfVersion1.moment("lastAttemptAt")),
          lastError TEXT,
          UNIQUE (event, channel)
        ) STRICT;
        CREATE INDEX alert_waiting ON alert (nextAttemptAt) WHERE state = 'waiting';
        CREATE INDEX alert_channel ON alert (channel, state, id);
        CREATE TRIGGER alert_isSettledOnce BEFORE UPDATE ON alert WHEN OLD.state <> 'waiting'
        BEGIN SELECT raise(ABORT, 'an alert that was settled never changes'); END;

        CREATE VIEW alert_history AS
        SELECT id AS alert, event, channel, kind, at, state, attempts, lastAttemptAt AS last_attempt_at,
          CASE WHEN state = 'waiting' THEN nextAttemptAt END AS next_attempt_at, lastError AS last_error
        FROM alert
        ORDER BY id;
        """
}
