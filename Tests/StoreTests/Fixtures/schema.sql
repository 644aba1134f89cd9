CREATE TABLE alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event TEXT NOT NULL CHECK (event <> ''),
  channel TEXT NOT NULL CHECK (channel <> ''),
  kind TEXT NOT NULL CHECK (kind <> ''),
  at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  body TEXT NOT NULL CHECK (json_valid(body)),
  queuedAt TEXT NOT NULL CHECK (queuedAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'abandoned')),
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  nextAttemptAt TEXT NOT NULL CHECK (nextAttemptAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  lastAttemptAt TEXT CHECK (lastAttemptAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  lastError TEXT,
  UNIQUE (event, channel)
) STRICT;

CREATE TABLE alertChannel (
  name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
  since TEXT NOT NULL CHECK (since GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]')
) STRICT;

CREATE TABLE anchor (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  drawnAt TEXT NOT NULL CHECK (drawnAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  reason TEXT NOT NULL CHECK (reason <> '')
, task TEXT NOT NULL DEFAULT 'text-classification' CHECK (task <> '')) STRICT;

CREATE TABLE anchorRow (
  anchorID INTEGER NOT NULL REFERENCES anchor (id),
  exampleID INTEGER NOT NULL REFERENCES example (id),
  PRIMARY KEY (anchorID, exampleID)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  event TEXT NOT NULL CHECK (
    event IN ('initial', 'promoted', 'forced', 'rollback', 'canary', 'canaryEnded')),
  version INTEGER NOT NULL REFERENCES modelVersion (version),
  previousVersion INTEGER REFERENCES modelVersion (version),
  share REAL CHECK (share > 0 AND share < 1),
  checksum TEXT NOT NULL CHECK (length(checksum) = 64 AND checksum NOT GLOB '*[^0-9a-f]*'),
  actor TEXT NOT NULL CHECK (actor <> ''),
  reason TEXT NOT NULL CHECK (reason <> ''),
  promotionID INTEGER UNIQUE REFERENCES promotion (id),
  previousHash TEXT NOT NULL CHECK (length(previousHash) = 64 AND previousHash NOT GLOB '*[^0-9a-f]*'),
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  CHECK ((promotionID IS NULL) = (event IN ('canary', 'canaryEnded')))
) STRICT;

CREATE TABLE detection (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  detector TEXT NOT NULL CHECK (detector <> ''),
  verdict TEXT NOT NULL CHECK (verdict IN ('warning', 'drift')),
  evidence REAL NOT NULL,
  threshold REAL NOT NULL,
  exampleID INTEGER REFERENCES example (id),
  changeBeganAt TEXT CHECK (changeBeganAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  modelVersion INTEGER NOT NULL REFERENCES modelVersion (version),
  details TEXT NOT NULL CHECK (json_valid(details))
) STRICT;

CREATE TABLE example (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contentHash TEXT NOT NULL UNIQUE CHECK (contentHash NOT GLOB '*[^0-9a-f]*' AND length(contentHash) = 64),
  text TEXT NOT NULL CHECK (text <> ''),
  pair TEXT,
  label TEXT NOT NULL CHECK (label <> ''),
  observedAt TEXT CHECK (observedAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  receivedAt TEXT NOT NULL CHECK (receivedAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  source TEXT NOT NULL CHECK (source <> ''),
  split TEXT NOT NULL CHECK (split IN ('train', 'development', 'holdout')),
  requestID TEXT,
  weight REAL NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight < 1e9),
  scoring TEXT NOT NULL DEFAULT 'waiting' CHECK (scoring IN ('waiting', 'scored', 'exempt'))
, target TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(target)), task TEXT GENERATED ALWAYS AS (CASE
  WHEN json_type(target, '$.label') IS NOT NULL THEN 'text-classification'
  WHEN json_type(target, '$.labels') IS NOT NULL THEN 'multi-label-classification'
  WHEN json_type(target, '$.score') IS NOT NULL THEN 'scoring'
  WHEN json_type(target, '$.tags') IS NOT NULL THEN 'token-classification'
  WHEN json_type(target, '$.spans') IS NOT NULL THEN 'token-classification'
  WHEN json_type(target, '$.answers') IS NOT NULL THEN 'question-answering'
  ELSE 'text-generation' END) VIRTUAL, metadata TEXT CHECK (metadata IS NULL OR json_valid(metadata))) STRICT;

CREATE TABLE gate (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  anchorID INTEGER NOT NULL REFERENCES anchor (id),
  number INTEGER NOT NULL CHECK (number > 0),
  champion INTEGER NOT NULL REFERENCES modelVersion (version),
  runID INTEGER REFERENCES trainingRun (id),
  version INTEGER REFERENCES modelVersion (version),
  isPromoted INTEGER NOT NULL CHECK (isPromoted IN (0, 1)),
  verdict TEXT NOT NULL CHECK (json_valid(verdict)),
  UNIQUE (anchorID, number)
) STRICT;

CREATE TABLE labelDraw (
  exampleID INTEGER NOT NULL PRIMARY KEY REFERENCES example (id),
  propensity REAL NOT NULL CHECK (propensity > 0 AND propensity <= 1)
) STRICT;

CREATE TABLE leftOut (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  runID INTEGER NOT NULL REFERENCES trainingRun (id),
  reason TEXT NOT NULL CHECK (reason IN ('leak', 'near-duplicate', 'slip', 'liar', 'flood')),
  source TEXT NOT NULL CHECK (source <> ''),
  rows INTEGER NOT NULL CHECK (rows > 0),
  UNIQUE (runID, reason, source)
) STRICT;

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

CREATE TABLE metric (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  name TEXT NOT NULL CHECK (name <> ''),
  value REAL NOT NULL,
  lower REAL,
  upper REAL,
  count INTEGER NOT NULL CHECK (count >= 0),
  modelVersion INTEGER NOT NULL REFERENCES modelVersion (version)
) STRICT;

CREATE TABLE modelVersion (
  version INTEGER PRIMARY KEY CHECK (version > 0),
  parent INTEGER REFERENCES modelVersion (version),
  runID INTEGER REFERENCES trainingRun (id),
  createdAt TEXT NOT NULL CHECK (createdAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  origin TEXT NOT NULL CHECK (origin IN ('imported', 'trained')),
  checksum TEXT NOT NULL CHECK (checksum NOT GLOB '*[^0-9a-f]*' AND length(checksum) = 64),
  labels TEXT NOT NULL CHECK (json_valid(labels)),
  task TEXT NOT NULL CHECK (task <> ''),
  metrics TEXT NOT NULL CHECK (json_valid(metrics)),
  arguments TEXT NOT NULL CHECK (json_valid(arguments)),
  note TEXT NOT NULL
) STRICT;

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
  scoredAt TEXT NOT NULL CHECK (scoredAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  -- In the order in which a version's watch is replayed.
  PRIMARY KEY (modelVersion, exampleID)
) STRICT, WITHOUT ROWID;

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
  createdAt TEXT NOT NULL CHECK (createdAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]')
) STRICT;

CREATE TABLE promotion (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
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

CREATE TABLE quarantinedRow (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  line INTEGER CHECK (line > 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  excerpt TEXT NOT NULL CHECK (length(excerpt) <= 200)
) STRICT;

CREATE TABLE rollout (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  stage TEXT NOT NULL CHECK (stage IN ('shadow', 'canary', 'probation')),
  version INTEGER NOT NULL REFERENCES modelVersion (version),
  against INTEGER NOT NULL REFERENCES modelVersion (version) CHECK (against <> version),
  share REAL CHECK (share > 0 AND share < 1),
  isBinding INTEGER NOT NULL CHECK (isBinding IN (0, 1)),
  actor TEXT NOT NULL CHECK (actor <> ''),
  runID INTEGER REFERENCES trainingRun (id),
  startedAt TEXT NOT NULL CHECK (startedAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  endedAt TEXT CHECK (endedAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  outcome TEXT CHECK (outcome IN ('passed', 'back', 'warned', 'cancelled')),
  sentence TEXT,
  requests INTEGER NOT NULL DEFAULT 0 CHECK (requests >= 0),
  disagreements INTEGER NOT NULL DEFAULT 0 CHECK (disagreements BETWEEN 0 AND requests),
  CHECK ((endedAt IS NULL) = (outcome IS NULL)),
  CHECK ((stage = 'canary') = (share IS NOT NULL))
) STRICT;

CREATE TABLE rolloutPair (
  rolloutID INTEGER NOT NULL REFERENCES rollout (id),
  exampleID INTEGER NOT NULL REFERENCES example (id),
  oldLoss REAL NOT NULL CHECK (oldLoss BETWEEN 0 AND 1),
  newLoss REAL NOT NULL CHECK (newLoss BETWEEN 0 AND 1),
  PRIMARY KEY (rolloutID, exampleID)
) STRICT, WITHOUT ROWID;

CREATE TABLE rung (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  runID INTEGER NOT NULL REFERENCES trainingRun (id),
  at TEXT NOT NULL CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  level TEXT NOT NULL CHECK (level <> ''),
  outcome TEXT NOT NULL CHECK (
    outcome IN ('skipped', 'failed', 'hopeless', 'refused', 'partial', 'promoted')),
  rows INTEGER NOT NULL CHECK (rows >= 0),
  cpuSeconds REAL NOT NULL CHECK (cpuSeconds >= 0),
  seconds REAL NOT NULL CHECK (seconds >= 0),
  sentence TEXT NOT NULL
) STRICT;

CREATE TABLE snapshotRow (
  version INTEGER NOT NULL REFERENCES lineage (version),
  side TEXT NOT NULL CHECK (side IN ('train', 'development')),
  position INTEGER NOT NULL CHECK (position >= 0),
  exampleID INTEGER NOT NULL REFERENCES example (id),
  PRIMARY KEY (version, side, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
  state TEXT CHECK (state IS NULL OR json_valid(state)),
  lastAttemptAt TEXT CHECK (lastAttemptAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  lastSuccessAt TEXT CHECK (lastSuccessAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  lastError TEXT,
  consecutiveFailures INTEGER NOT NULL DEFAULT 0 CHECK (consecutiveFailures >= 0),
  rows INTEGER NOT NULL DEFAULT 0 CHECK (rows >= 0),
  duplicates INTEGER NOT NULL DEFAULT 0 CHECK (duplicates >= 0),
  rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0)
) STRICT;

CREATE TABLE trainingRun (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  trigger TEXT NOT NULL CHECK (trigger <> ''),
  reason TEXT NOT NULL,
  requestedBy TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN ('queued', 'running', 'judging', 'promoted', 'refused', 'failed', 'cancelled')),
  baseVersion INTEGER NOT NULL REFERENCES modelVersion (version),
  challengerVersion INTEGER REFERENCES modelVersion (version),
  queuedAt TEXT NOT NULL CHECK (queuedAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  startedAt TEXT CHECK (startedAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  finishedAt TEXT CHECK (finishedAt GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]'),
  processID INTEGER CHECK (processID > 0),
  directory TEXT NOT NULL,
  trainingRows INTEGER NOT NULL DEFAULT 0 CHECK (trainingRows >= 0),
  cut INTEGER CHECK (cut >= 0),
  step INTEGER NOT NULL DEFAULT 0 CHECK (step >= 0),
  totalSteps INTEGER NOT NULL DEFAULT 0 CHECK (totalSteps >= 0),
  loss REAL,
  developmentAccuracy REAL CHECK (developmentAccuracy BETWEEN 0 AND 1),
  verdict TEXT CHECK (verdict IS NULL OR json_valid(verdict)),
  error TEXT, cpuSeconds REAL NOT NULL DEFAULT 0 CHECK (cpuSeconds >= 0),
  CHECK ((finishedAt IS NULL) = (state IN ('queued', 'running', 'judging'))),
  CHECK (startedAt IS NOT NULL OR state NOT IN ('running', 'judging', 'promoted', 'refused'))
) STRICT;

CREATE INDEX alert_channel ON alert (channel, state, id);

CREATE INDEX alert_waiting ON alert (nextAttemptAt) WHERE state = 'waiting';

CREATE INDEX anchorRow_example ON anchorRow (exampleID);

CREATE INDEX detection_at ON detection (at);

CREATE UNIQUE INDEX detection_once ON detection (modelVersion, detector, verdict, exampleID)
  WHERE exampleID IS NOT NULL;

CREATE INDEX example_receivedAt ON example (receivedAt);

CREATE INDEX example_split ON example (split, id);

CREATE INDEX example_waiting ON example (id) WHERE scoring = 'waiting';

CREATE INDEX metric_at ON metric (at);

CREATE INDEX metric_series ON metric (name, at);

CREATE INDEX outcome_scoredAt ON outcome (scoredAt);

CREATE INDEX prediction_createdAt ON prediction (createdAt);

CREATE INDEX prediction_request ON prediction (requestID, item);

CREATE INDEX promotion_version ON promotion (version);

CREATE INDEX quarantinedRow_at ON quarantinedRow (at);

CREATE UNIQUE INDEX quarantinedRow_once ON quarantinedRow (source, ifnull(line, 0), reason, excerpt);

CREATE UNIQUE INDEX rollout_oneActive ON rollout (endedAt IS NULL) WHERE endedAt IS NULL;

CREATE INDEX rung_run ON rung (runID);

CREATE UNIQUE INDEX trainingRun_oneActive ON trainingRun (finishedAt IS NULL) WHERE finishedAt IS NULL;

CREATE TRIGGER alert_isSettledOnce BEFORE UPDATE ON alert WHEN OLD.state <> 'waiting'
BEGIN SELECT raise(ABORT, 'an alert that was settled never changes'); END;

CREATE TRIGGER audit_goesOn BEFORE INSERT ON audit
WHEN NEW.id <> ifnull((SELECT max(id) FROM audit), 0) + 1
  OR NEW.previousHash <> ifnull(
    (SELECT hash FROM audit ORDER BY id DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT raise(ABORT, 'a row of audit holds the hash of the row before'); END;

CREATE TRIGGER audit_neverChanges BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'audit is append-only: what served stays written'); END;

CREATE TRIGGER audit_neverEnds BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'audit is append-only: what served stays written'); END;

CREATE TRIGGER example_neverChanges
BEFORE UPDATE OF id, contentHash, text, pair, label, target, split ON example
BEGIN SELECT raise(ABORT, 'an example never changes'); END;

CREATE TRIGGER gate_neverChanges BEFORE UPDATE ON gate
BEGIN SELECT raise(ABORT, 'what a gate found stays written'); END;

CREATE TRIGGER gate_neverEnds BEFORE DELETE ON gate
BEGIN SELECT raise(ABORT, 'what a gate found stays written'); END;

CREATE TRIGGER labelDraw_neverChanges BEFORE UPDATE ON labelDraw
BEGIN SELECT raise(ABORT, 'by what chance a row was drawn stays written'); END;

CREATE TRIGGER labelDraw_neverEnds BEFORE DELETE ON labelDraw
BEGIN SELECT raise(ABORT, 'by what chance a row was drawn stays written'); END;

CREATE TRIGGER leftOut_neverChanges BEFORE UPDATE ON leftOut
BEGIN SELECT raise(ABORT, 'what a run left out stays written'); END;

CREATE TRIGGER leftOut_neverEnds BEFORE DELETE ON leftOut
BEGIN SELECT raise(ABORT, 'what a run left out stays written'); END;

CREATE TRIGGER lineage_neverChanges BEFORE UPDATE ON lineage
BEGIN SELECT raise(ABORT, 'where a version came from never changes'); END;

CREATE TRIGGER lineage_neverEnds BEFORE DELETE ON lineage
BEGIN SELECT raise(ABORT, 'where a version came from is never forgotten'); END;

CREATE TRIGGER modelVersion_neverChanges BEFORE UPDATE ON modelVersion
BEGIN SELECT raise(ABORT, 'a model version never changes'); END;

CREATE TRIGGER modelVersion_neverEnds BEFORE DELETE ON modelVersion
BEGIN SELECT raise(ABORT, 'a model version is never forgotten'); END;

CREATE TRIGGER promotion_neverChanges BEFORE UPDATE ON promotion
BEGIN SELECT raise(ABORT, 'promotion is append-only: what was live stays written'); END;

CREATE TRIGGER promotion_neverEnds BEFORE DELETE ON promotion
BEGIN SELECT raise(ABORT, 'promotion is append-only: what was live stays written'); END;

CREATE TRIGGER rollout_endsOnce BEFORE UPDATE ON rollout WHEN OLD.endedAt IS NOT NULL
BEGIN SELECT raise(ABORT, 'a roll-out that has ended never changes'); END;

CREATE TRIGGER rollout_neverEnds BEFORE DELETE ON rollout
BEGIN SELECT raise(ABORT, 'a roll-out is never forgotten'); END;

CREATE TRIGGER rung_neverChanges BEFORE UPDATE ON rung
BEGIN SELECT raise(ABORT, 'what a remedy gave stays written'); END;

CREATE TRIGGER rung_neverEnds BEFORE DELETE ON rung
BEGIN SELECT raise(ABORT, 'what a remedy gave stays written'); END;

CREATE TRIGGER trainingRun_begins BEFORE INSERT ON trainingRun WHEN NEW.state <> 'queued'
BEGIN SELECT raise(ABORT, 'a run begins queued'); END;

CREATE TRIGGER trainingRun_moves BEFORE UPDATE OF state ON trainingRun
WHEN NEW.state <> OLD.state AND NOT (
  (OLD.state = 'queued' AND NEW.state IN ('running', 'failed', 'cancelled'))
  OR (OLD.state = 'running' AND NEW.state IN ('judging', 'failed', 'cancelled'))
  OR (OLD.state = 'judging' AND NEW.state IN ('promoted', 'refused', 'failed', 'cancelled')))
BEGIN SELECT raise(ABORT, 'a run cannot go this way'); END;

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

CREATE VIEW alert_history AS
SELECT id AS alert, event, channel, kind, at, state, attempts, lastAttemptAt AS last_attempt_at,
  CASE WHEN state = 'waiting' THEN nextAttemptAt END AS next_attempt_at, lastError AS last_error
FROM alert
ORDER BY id;

CREATE VIEW audit_trail AS
SELECT id AS entry, at, event, version, previousVersion AS previous_version, share, checksum, actor,
  reason, previousHash AS previous_hash, hash
FROM audit
ORDER BY id;

CREATE VIEW drawn_labels AS
SELECT e.id AS example, e.receivedAt AS received_at, e.source, e.label, d.propensity
FROM labelDraw AS d JOIN example AS e ON e.id = d.exampleID
ORDER BY e.id;

CREATE VIEW drift_events AS
SELECT at, detector, verdict, evidence, threshold, changeBeganAt AS change_began_at,
  modelVersion AS version, exampleID AS example, details
FROM detection
ORDER BY id;

CREATE VIEW gate_history AS
SELECT id AS gate, at, anchorID AS anchor, number, champion, runID AS run, version,
  isPromoted AS is_promoted, json_extract(verdict, '$.sentence') AS verdict
FROM gate
ORDER BY id;

CREATE VIEW left_out_rows AS
SELECT runID AS run, reason, source, rows FROM leftOut ORDER BY id;

CREATE VIEW live_model AS
SELECT p.version, p.at AS live_since, p.kind, p.reason, p.actor, p.previousVersion AS previous_version,
  v.origin, v.createdAt AS created_at, v.checksum, v.labels,
  p.referenceErrors AS reference_errors, p.referenceCount AS reference_count
FROM promotion AS p JOIN modelVersion AS v ON v.version = p.version
ORDER BY p.id DESC LIMIT 1;

CREATE VIEW metric_history AS
SELECT at, name, value, lower, upper, count, modelVersion AS version
FROM metric
ORDER BY at;

CREATE VIEW model_history AS
SELECT p.id AS promotion, p.at AS live_from, lead(p.at) OVER (ORDER BY p.id) AS live_until,
  p.version, p.previousVersion AS previous_version, p.kind, p.reason, p.actor, p.runID AS run,
  v.parent, v.origin,
  CASE WHEN p.referenceCount > 0 THEN 1 - p.referenceErrors * 1.0 / p.referenceCount END
    AS reference_accuracy,
  p.referenceCount AS reference_count
FROM promotion AS p JOIN modelVersion AS v ON v.version = p.version
ORDER BY p.id;

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

CREATE VIEW rollout_history AS
SELECT r.id AS rollout, r.stage, r.version, r.against, r.share, r.startedAt AS started_at,
  r.endedAt AS ended_at, r.outcome, r.sentence, r.requests, r.disagreements,
  count(p.exampleID) AS labels, ifnull(sum(p.oldLoss > p.newLoss), 0) AS gains,
  ifnull(sum(p.oldLoss < p.newLoss), 0) AS losses
FROM rollout AS r LEFT JOIN rolloutPair AS p ON p.rolloutID = r.id
GROUP BY r.id
ORDER BY r.id;

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

CREATE VIEW rung_history AS
SELECT id AS rung, runID AS run, at, level, outcome, rows, cpuSeconds AS cpu_seconds, seconds, sentence
FROM rung
ORDER BY id;

CREATE VIEW source_health AS
SELECT name AS source, lastAttemptAt AS last_attempt_at, lastSuccessAt AS last_success_at,
  consecutiveFailures AS consecutive_failures, lastError AS last_error,
  rows, duplicates, rejected
FROM source
ORDER BY name;

CREATE VIEW version_lineage AS
SELECT v.version, v.parent, l.trigger, l.requestedBy AS requested_by, v.runID AS run, l.gateID AS gate,
  l.baseChecksum AS base_checksum, v.checksum, l.snapshotHash AS snapshot_hash,
  l.trainingRows AS training_rows, l.developmentRows AS development_rows,
  json_extract(v.arguments, '$.seed') AS seed, v.arguments, l.provenance
FROM lineage AS l JOIN modelVersion AS v ON v.version = l.version
ORDER BY v.version;
