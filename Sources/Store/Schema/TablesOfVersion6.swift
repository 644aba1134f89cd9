/// What the sixth form of the database adds: what runs cost.
enum TablesOfVersion6 {
    static let sql = """
        ALTER TABLE trainingRun ADD COLUMN cpuSeconds REAL NOT NULL DEFAULT 0 CHECK (cpuSeconds >= 0);

        DROP VIEW run_history;
        CREATE VIEW run_history AS
        SELECT id AS run, trigger, state, reason, requestedBy AS requested_by, baseVersion AS base_version,
          challengerVersion AS challenger_version, queuedAt AS queued_at, startedAt AS started_at,
          finishedAt AS finished_at,
          CAST(round((julianday(finishedAt) - julianday(startedAt)) * 86400) AS INTEGER) AS seconds,
          trainingRows AS training_rows, step, totalSteps AS total_steps,
          developmentAccuracy AS development_accuracy, json_extract(verdict, '$.sentence') AS verdict, error,
          cpuSeconds AS cpu_seconds
        FROM trainingRun
        ORDER BY id;
        """
}
