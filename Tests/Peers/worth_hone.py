"""The real daemon on a stream: what it answered, which runs it made of it, and what they cost."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

import worth_models

#: As the demo has it, for the same reasons: minutes play weeks, and all share this machine.
SETTINGS = """data_directory: {folder}/data
server: {{port: {port}}}
control: {{socket: {socket}}}
model: {{name: sentiment, labels: [negative, neutral, positive]}}
watching: {{window: 200, false_alarm_interval: 0s}}
retraining: {{cool_down: {cool_down}s, maximum_per_day: 100, minimum_new_labels: {minimum}}}
gate: {{churn: 0.15, anchor_margin: 3%, latency_ratio: 3}}
"""


class Daemon:
    """Rows come at a steady rate and wait while it trains: no machine is too slow for the stream."""

    def __init__(self, binaries, folder, rate, cool_down, minimum):
        self.hone, self.folder, self.rate = binaries / "hone", folder, rate
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.door = pathlib.Path(tempfile.mkdtemp(prefix="hone-worth."))  # a socket wants a short path
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.config = folder / "honed.yaml"
        self.config.write_text(SETTINGS.format(
            folder=folder, port=self.port, socket=self.door / "control.sock", cool_down=round(cool_down / rate), minimum=minimum))
        self.honed = binaries / "honed"

    def ask(self, *arguments):
        command = [self.hone, *arguments, "--config", self.config]
        return worth_models.run(command)[1]

    def query(self, sql):
        with sqlite3.connect(f"file:{self.folder}/data/honed.sqlite?mode=ro", uri=True, timeout=30) as database:
            return database.execute(sql).fetchall()

    def post(self, rows):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request("POST", "/v1/feedback", json.dumps(rows), {"content-type": "application/json"})
        answer = link.getresponse()
        said = answer.read().decode()
        link.close()
        if answer.status != 200:
            raise SystemExit(f"honed answered the rows with {answer.status}: {said}")

    def until(self, what, is_so, seconds):
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit(f"never: {what}; see {self.folder}")
            time.sleep(0.05)

    def start(self):
        with open(self.folder / "honed.log", "ab") as log:
            self.process = subprocess.Popen([self.honed, "--config", self.config], stdout=log, stderr=log)

        def is_open():
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                return False

        self.until("honed opens its door", is_open, 60)

    def stop(self):
        """Ends it; its processor time with that of all its trainers, in seconds."""
        self.process.terminate()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        shutil.rmtree(self.door, ignore_errors=True)
        return usage.ru_utime + usage.ru_stime

    def is_busy(self):
        """Whether a run is under way that does not wait for rows."""
        active = self.query("SELECT processID FROM trainingRun WHERE finishedAt IS NULL")
        if not active:
            return False
        self.hasten(active[0][0])
        return "waiting for fresh labels" not in json.loads(self.ask("status", "--json"))["decision"]

    @staticmethod
    def hasten(trainer):
        """Idle priority is for clients, of which there are none: on a busy machine it would never end."""
        try:
            os.sched_setscheduler(trainer, os.SCHED_OTHER, os.sched_param(0))
            os.setpriority(os.PRIO_PROCESS, trainer, os.getpriority(os.PRIO_PROCESS, 0))
        except (OSError, TypeError):
            pass  # over already, not begun yet, or not permitted

    def feed(self, rows, say, piece=20):
        due = time.monotonic()
        for begin in range(0, len(rows), piece):
            if self.is_busy():
                say(f"row {begin}: a run is under way")
                self.until("the run ends", lambda: not self.is_busy() or time.sleep(1), 3_600)
                due = time.monotonic()
            time.sleep(max(0, due - time.monotonic()))
            due = max(due, time.monotonic() - 1) + piece / self.rate
            self.post(rows[begin:begin + piece])
            self.until("the rows are scored", lambda: not self.query(
                "SELECT 1 FROM example WHERE scoring = 'waiting' LIMIT 1"), 120)
        time.sleep(1)
        if self.is_busy():
            self.until("the last run ends", lambda: not self.is_busy() or time.sleep(1), 3_600)


def live(binaries, folder, first, stream, rate, cool_down, minimum, say):
    """Lets the daemon live through a stream, and tells what came of it."""
    daemon = Daemon(binaries, folder, rate, cool_down, minimum)
    examples = folder / "first.jsonl"
    examples.write_text("".join(json.dumps(row) + "\n" for row in stream.first))
    daemon.ask("import", first, "--examples", examples, "--reason", "first model")
    daemon.start()
    try:
        daemon.feed(stream.rows, say)
    finally:
        seconds = daemon.stop()
    return told(daemon, seconds)


def told(daemon, seconds):
    rows = {row: place for place, (row,) in enumerate(
        daemon.query("SELECT id FROM example WHERE scoring <> 'exempt' ORDER BY id"))}
    lives = daemon.query("SELECT at, version FROM promotion ORDER BY id")
    correct, scored = [None] * len(rows), []
    for example, version, loss, at in daemon.query(
            "SELECT exampleID, modelVersion, loss, scoredAt FROM outcome ORDER BY scoredAt, exampleID"):
        if version == [v for since, v in lives if since <= at][-1] and correct[rows[example]] is None:
            correct[rows[example]] = int(loss < 0.5)
            scored.append((at, rows[example]))
    folders = {int(path.parent.name): str(path.parent)
               for path in (daemon.folder / "data").rglob("model.safetensors") if path.parent.name.isdigit()}
    swaps = [{"row": sum(scored_at < at for scored_at, _ in scored), "model": folders[version]}
             for at, version in lives[1:]]
    runs = daemon.query("SELECT run, state, reason, coalesce(verdict, error), cpu_seconds FROM run_history")
    rungs = daemon.query("SELECT run, level, outcome, rows, cpu_seconds, sentence FROM rung_history")
    alarms = daemon.query("SELECT example FROM drift_events WHERE detector = 'Shiryaev-Roberts' AND verdict = 'drift'")
    return {
        "correct": correct, "swaps": swaps, "runs": len(runs), "cpu": sum(run[4] or 0 for run in runs),
        "daemon": seconds, "alarms": [rows[row] for row, in alarms],
        "story": [f"run {run}: {state}: {reason} → {verdict}" for run, state, reason, verdict, _ in runs]
        + [f"run {run}, {level}: {outcome}, {count} rows, {cpu:.1f} s: {said}"
           for run, level, outcome, count, cpu, said in rungs],
    }
