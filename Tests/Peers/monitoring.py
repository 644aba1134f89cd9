"""What watching costs: how long report, status and label take over stores of growing size.

    python3 Tests/Peers/monitoring.py .build/release/hone [--sizes 10000 1000000 10000000] [--folder /tmp/monitoring]

Each store is made by `hone import` and filled with SQL in the form in which the daemon writes: answers over thirty days,
one in fifty of them with a label that was scored, all under one live version. No daemon runs, so that each command
replays all rows of the live version, which a running daemon spares. Prints a table: the best of three, after one run that
fills the page cache. A store that is there already is used again.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import time

LABELS = ["negative", "neutral", "positive"]
WORDS = "a the film plot was good bad very not music ending actor scene long short loved hated boring quite so".split()
DAYS = 30
LABELLED = 50  # one answer in so many has a label
PHRASES = 1_024
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TINY_BERT = os.path.join(ROOT, "Tests", "TransformersTests", "Fixtures", "tiny-bert")

# One answer; the labels come and go with the number, the version is wrong on one row in eight.
FILL = f"""
DROP TRIGGER promotion_neverChanges;
UPDATE promotion SET at = strftime('%Y-%m-%d %H:%M:%f', :end - {(DAYS + 1) * 86_400}, 'unixepoch');
CREATE TEMP TABLE number (n INTEGER PRIMARY KEY);
INSERT INTO number WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < :count) SELECT n FROM c;
INSERT INTO prediction (requestID, item, modelVersion, text, label, confidence, probabilities, tokens, unknownTokens, createdAt)
SELECT printf('%013x', n), 0, 1, p.text || ' ' || n, label(n), sure, json_array(given, (1 - given) * 0.6, (1 - given) * 0.4),
  p.tokens, 0, strftime('%Y-%m-%d %H:%M:%f', :end - {DAYS * 86_400} * (1 - n * 1.0 / :count), 'unixepoch')
FROM (SELECT n, 0.4 + abs(n * 2654435761 % 1000) / 1700.0 AS sure, 0.4 + abs(n * 2654435761 % 1000) / 1700.0 AS given FROM number)
JOIN phrase AS p ON p.id = n * 7919 % {PHRASES};
INSERT INTO example (contentHash, text, label, receivedAt, source, split, scoring)
SELECT printf('%064x', id), text, CASE WHEN id / {LABELLED} % 8 = 0 THEN label(id + 1) ELSE label END, createdAt, 'feedback',
  CASE id / {LABELLED} % 10 WHEN 8 THEN 'development' WHEN 9 THEN 'holdout' ELSE 'train' END, 'scored'
FROM prediction WHERE id % {LABELLED} = 0 ORDER BY id;
INSERT INTO outcome
SELECT e.id, 1, p.label, e.label, p.label <> e.label, 0.4, p.confidence, p.probabilities, p.tokens, 0, e.receivedAt
FROM example AS e JOIN prediction AS p ON e.contentHash = printf('%064x', p.id) WHERE e.source = 'feedback' AND p.id % {LABELLED} = 0;
"""


def fill(path, count):
    lot = random.Random(7)
    db = sqlite3.connect(path, isolation_level=None)
    db.create_function("label", 1, lambda n: LABELS[n % 3], deterministic=True)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("CREATE TEMP TABLE phrase (id INTEGER PRIMARY KEY, text TEXT, tokens INTEGER)")
    phrases = [lot.choices(WORDS, k=lot.randrange(4, 24)) for _ in range(PHRASES)]
    db.executemany("INSERT INTO phrase VALUES (?, ?, ?)",
                   [(number, " ".join(words), len(words) + 3) for number, words in enumerate(phrases)])
    end = round(time.time()) - 60
    for statement in FILL.split(";"):
        if statement.strip():
            names = {"end": end, "count": count}
            db.execute(statement, {name: names[name] for name in names if ":" + name in statement})
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def make(hone, folder, settings, size):
    os.makedirs(folder, exist_ok=True)
    new, judged, lot = settings + ".new", os.path.join(folder, "rows.jsonl"), random.Random(5)
    with open(judged, "w") as file:
        for number in range(2_000):
            text = " ".join(lot.choices(WORDS, k=lot.randrange(4, 24)))
            file.write(json.dumps({"text": f"{text} {number}", "label": lot.choice(LABELS)}) + "\n")
    with open(new, "w") as file:
        file.write(f"data_directory: {folder}/data\ncontrol: {{socket: {folder}/none}}\n")
    subprocess.run([hone, "import", TINY_BERT, "-c", new, "--examples", judged, "--promote", "--reason", "a measurement"],
                   check=True, stdout=subprocess.DEVNULL)
    fill(os.path.join(folder, "data", "honed.sqlite"), size)
    os.rename(new, settings)


def timed(command):
    times = []
    for _ in range(4):
        begun = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            return done.stderr.strip().splitlines()[-1]
        times.append(time.perf_counter() - begun)
    return f"{min(times[1:]):.2f} s"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("hone")
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000, 10_000_000])
    options.add_argument("--folder", default="/tmp/monitoring")
    options = options.parse_args()
    hone = os.path.abspath(options.hone)
    print("| answers | labelled | of them in 7 days | database | `report --since 7d` | `status` | `label --list` |")
    print("|---|---|---|---|---|---|---|")
    for size in options.sizes:
        folder = os.path.join(options.folder, str(size))
        settings, store = os.path.join(folder, "honed.yaml"), os.path.join(folder, "data", "honed.sqlite")
        if not os.path.exists(settings):
            make(hone, folder, settings, size)
        db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        labelled, week = (db.execute("SELECT count(*) FROM outcome" + rest).fetchone()[0] for rest in (
            "", " WHERE scoredAt >= datetime('now', '-7 days')"))
        db.close()
        figures = [timed([hone, *command, "-c", settings]) for command in (
            ["report", "--since", "7d"], ["status"], ["label", "--list"])]
        print(f"| {size:,} | {labelled:,} | {week:,} | {os.path.getsize(store) / 1e9:.2f} GB | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
