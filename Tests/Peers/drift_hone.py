"""One stream through a real `honed`: asked over HTTP, labelled by feedback, read as an operator would.

A daemon of its own serves each stream from a copy of one data directory, with every setting of `watching:` at its
default and no training. Each answer's label comes back as a row of `audit_random`; after every 50 rows somebody looks
at `hone status` and `hone report`.
"""

import bisect
import contextlib
import datetime
import http.client
import json
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time

TOGETHER = 25  # rows asked and labelled at once
LOOK = 50  # rows between two looks at status and report


class ControlSocket(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("honed", timeout=60)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Honed:
    """A running daemon; ends with its `with`."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder
        # The path of a socket may have 107 bytes, and that of a cache may be longer.
        self.door = pathlib.Path(tempfile.mkdtemp(prefix="hone-drift."))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.configuration = folder / "honed.yaml"
        self.configuration.write_text(
            f"data_directory: {folder}/data\nserver: {{port: {port}}}\ncontrol: {{socket: {self.door}/control.sock}}\n"
            "retraining: {enabled: false}\n")
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.control = ControlSocket(self.door / "control.sock")

    def __enter__(self):
        with open(self.folder / "honed.log", "wb") as log:
            self.process = subprocess.Popen(
                [self.binaries / "honed", "--config", self.configuration], stdout=log, stderr=log)
        for _ in range(600):
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.http.request("GET", "/health")
                if self.http.getresponse().read() is not None:
                    return self
            if self.process.poll() is not None:
                break
            self.http.close()
            time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"honed did not start: see {self.folder}/honed.log")

    def __exit__(self, *_):
        self.http.close()
        self.control.close()
        self.process.terminate()
        self.process.wait(timeout=60)
        shutil.rmtree(self.door)

    @staticmethod
    def ask(link, method, path, body=None):
        link.request(method, path, body and json.dumps(body), {"content-type": "application/json"} if body else {})
        answer = link.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {content.decode()}")
        return json.loads(content), answer.headers

    def predict(self, texts):
        """The request's id, and for each text the classes' probabilities by label, the likeliest first."""
        answers, headers = self.ask(self.http, "POST", "/predict", {"inputs": [[text] for text in texts]})
        return headers["x-request-id"], [{one["label"]: one["score"] for one in answer} for answer in answers]

    def feedback(self, request, labels):
        """Which of the rows were news."""
        rows = [{"id": request, "item": item, "label": label, "source": "audit_random"} for item, label in labels]
        answer, _ = self.ask(self.http, "POST", "/v1/feedback", rows)
        rejected = [one for one in answer["results"] if one["status"] == "rejected"]
        if rejected:
            raise RuntimeError(f"feedback was rejected: {rejected[0]}")
        return [one["status"] == "accepted" for one in answer["results"]]

    def status(self):
        return self.ask(self.control, "GET", "/status")[0]

    def report(self):
        return self.ask(self.control, "GET", "/report")[0]

    def status_after(self, labels):
        """The status once so many labelled rows were scored."""
        for _ in range(3_000):
            status = self.status()
            if status.get("accuracy", {}).get("count", 0) >= labels:
                return status
            time.sleep(0.02)
        raise RuntimeError(f"honed did not score {labels} rows within a minute: see {self.folder}/honed.log")


def prepare(binaries, base, rows, folder):
    """Trains the model, makes it live in a new data directory, and asks it about the rows that judged it."""
    if (folder / "reference.jsonl").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    examples = folder / "learned.jsonl"
    examples.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows))
    subprocess.run([binaries / "hone", "train", "--base", base, "--train", examples, "--output", folder / "model",
                    "--epochs", "2"], check=True, stdout=subprocess.DEVNULL)
    daemon = Honed(binaries, folder)
    subprocess.run([binaries / "hone", "import", folder / "model", "--config", daemon.configuration, "--examples", examples,
                    "--promote", "--reason", "drift is to be measured"], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(folder / "data", folder / "template")  # before anybody asked anything
    with contextlib.closing(sqlite3.connect(folder / "data/honed.sqlite")) as store:
        judged = store.execute("SELECT text, label FROM example WHERE split = 'holdout' ORDER BY id").fetchall()
    with daemon:
        answers = [answer for start in range(0, len(judged), TOGETHER)
                   for answer in daemon.predict([text for text, _ in judged[start:start + TOGETHER]])[1]]
    write(folder / "reference.jsonl", judged, answers)


def write(path, rows, answers):
    lines = [json.dumps({"text": text, "label": label, "scores": scores}) + "\n"
             for (text, label), scores in zip(rows, answers, strict=True)]
    path.with_suffix(".new").write_text("".join(lines))
    path.with_suffix(".new").rename(path)


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def run(binaries, prepared, stream, folder):
    """Feeds the stream; leaves answers.jsonl for the peers and returns what Hone said and when, in rows."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(prepared / "template", folder / "data")
    answers, labelled, times, looks, alarmed = [], [], [], [], False
    with Honed(binaries, folder) as daemon:
        for start in range(0, len(stream.rows), TOGETHER):
            piece = stream.rows[start:start + TOGETHER]
            times.append(datetime.datetime.now(datetime.UTC))
            request, said = daemon.predict([text for text, _ in piece])
            answers += said
            news = daemon.feedback(request, [(item, label) for item, (_, label) in enumerate(piece)])
            labelled += [start + item for item, is_new in enumerate(news) if is_new]
            status, seen = daemon.status_after(len(labelled)), start + len(piece)
            if seen % LOOK == 0 or seen == len(stream.rows) or ("alarm" in status and not alarmed):
                looks.append(look(daemon, status, seen))
            alarmed = "alarm" in status
        evidence = status["evidence"]
    write(folder / "answers.jsonl", stream.rows, answers)
    with contextlib.closing(sqlite3.connect(folder / "data/honed.sqlite")) as store:
        found = store.execute("SELECT detector, verdict, changeBeganAt, json_extract(details, '$.labels') "
                              "FROM detection ORDER BY id").fetchall()
    shutil.rmtree(folder / "data/models")  # 90 MB a stream, and the same for all
    return {
        "labelled": len(labelled), "promised": status["accuracy"]["baseline"], "threshold": 10 ** evidence["logThreshold"],
        "events": [{"detector": detector, "verdict": verdict, "row": labelled[int(count) - 1],
                    "began": began and row_at(began, times)} for detector, verdict, began, count in found],
        "looks": looks,
    }


def look(daemon, status, row):
    report = daemon.report()
    cause = report.get("cause") or {}
    return {"row": row, "state": report["headline"]["state"], "cause": cause.get("cause"),
            "fell": cause.get("accuracyFell"), "figures": cause.get("figures"), "sentence": cause.get("sentence"),
            "inputs": {shift["name"]: shift["verdict"] for shift in status["inputs"]}}


def row_at(moment, times):
    """The row that was asked about at a moment, to within those of one request."""
    at = datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC)
    return max(0, bisect.bisect(times, at) - 1) * TOGETHER
