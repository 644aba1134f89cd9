/// The views of the first form of the database, for people with `sqlite3` and for Grafana.
///
/// Their names and columns are an interface, described in `Documentation.docc/Views.md`; the tables
/// beneath are not.
enum ViewsOfVersion1 {
    static let sql = """
        CREATE VIEW live_model AS
        SELECT p.version, p.at AS live_since, p.kind, p.reason, p.actor, p.previousVersion AS previous_version,
          v.origin, v.createdAt AS created_at, v.checksum, v.labels,
          p.referenceErrors AS reference_errors, p.referenceCount AS reference_count
        FROM promotion AS p JOIN modelVersion AS v ON v.version = p.version
        ORDER BY p.id DESC LIMIT 1;

        CREATE VIEW model_history AS
        SELECT p.id AS promotion, p.at AS live_from, lead(p.at) OVER (ORDER BY p.id) AS live_until,
          p.version, p.previousVersion AS previous_version, p.kind, p.reason, p.actor, p.runID AS run,
          v.parent, v.origin,
          CASE WHEN p.referenceCount > 0 THEN 1 - p.referenceErrors * 1.0 / p.referenceCount END
            AS reference_accuracy,
          p.referenceCount AS reference_count
        FROM promotion AS p JOIN modelVersion AS v ON v.version = p.version
        ORDER BY p.id;

        CREATE VIEW accuracy_by_day AS
        SELECT date(scoredAt) AS day, modelVersion AS version, count(*) AS labelled,
          count(*) - sum(loss) AS correct, 1 - avg(loss) AS accuracy,
          avg(lossInNats) AS mean_loss_in_nats, avg(confidence) AS mean_confidence
        FROM outcome
        GROUP BY day, version
        ORDER BY day, version;

        CREATE VIEW accuracy_by_label AS
        SELECT modelVersion AS version, label, count(*) AS labelled, 1 - avg(loss) AS recall,
          avg(confidence) AS mean_confidence
        FROM outcome
        GROUP BY version, label
        ORDER BY version, label;

        CREATE VIEW metric_history AS
        SELECT at, name, value, lower, upper, count, modelVersion AS version
        FROM metric
        ORDER BY at;

        CREATE VIEW drift_events AS
        SELECT at, detector, verdict, evidence, threshold, changeBeganAt AS change_began_at,
          modelVersion AS version, exampleID AS example, details
        FROM detection
        ORDER BY id;

        CREATE VIEW run_history AS
        SELECT id AS run, trigger, state, reason, requestedBy AS requested_by, baseVersion AS base_version,
          challengerVersion AS challenger_version, queuedAt AS queued_at, startedAt AS started_at,
          finishedAt AS finished_at,
          CAST(round((julianday(finishedAt) - julianday(startedAt)) * 86400) AS INTEGER) AS seconds,
          trainingRows AS training_rows, step, totalSteps AS total_steps,
          developmentAccuracy AS development_accuracy, json_extract(verdict, '$.sentence') AS verdict, error
        FROM trainingRun
        ORDER BY id;

        CREATE VIEW prediction_rate AS
        SELECT strftime('%Y-%m-%d %H:00', createdAt) AS hour, modelVersion AS version, label,
          count(*) AS predictions, avg(confidence) AS mean_confidence, avg(tokens) AS mean_tokens
        FROM prediction
        GROUP BY hour, version, label
        ORDER BY hour, version, label;

        CREATE VIEW quarantine_by_reason AS
        SELECT source, reason, count(*) AS rows, min(at) AS first_at, max(at) AS last_at
        FROM quarantinedRow
        GROUP BY source, reason
        ORDER BY rows DESC;

        CREATE VIEW source_health AS
        SELECT name AS source, lastAttemptAt AS last_attempt_at, lastSuccessAt AS last_success_at,
          consecutiveFailures AS consecutive_failures, lastError AS last_error,
          rows, duplicates, rejected
        FROM source
        ORDER BY name;
        """
}
