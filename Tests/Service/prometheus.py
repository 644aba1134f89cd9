"""Tries the alerting rules and the Grafana dashboard with a real Prometheus.

    python3 Tests/Service/prometheus.py [BIN]

BIN holds `honed` and `hone`: then the daemon itself is scraped beside the page of a daemon in trouble that
the tests of the metrics keep. PROMETHEUS and PROMTOOL name the programs where they are not on the PATH;
Debian has both in the package `prometheus`.

The rules must be well formed and fire when hone.rules.test.yml says; rules and dashboard may only use
names that /metrics has; Prometheus must scrape the pages, raise the alarm of the daemon in trouble, and
have an answer to every question that the dashboard asks.
"""
import contextlib
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
rules = root / "Deploy/prometheus/hone.rules.yml"
dashboard = json.loads((root / "Deploy/grafana/hone.json").read_text(encoding="utf-8"))
page = (root / "Tests/ServerTests/Fixtures/metrics.txt").read_bytes()
prometheus = os.environ.get("PROMETHEUS", "prometheus")
promtool = os.environ.get("PROMTOOL", "promtool")
folder = pathlib.Path(tempfile.mkdtemp(prefix="hone-prometheus."))


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def eventually(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.2)
    return value


def ask(path, **parameters):
    address = f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{parameters}: {error.read().decode()}") from error


# The names that there are: all of them stand in one file.
source = (root / "Sources/Server/PrometheusText.swift").read_text(encoding="utf-8")
names = set(re.findall(r'"(honed_[a-z0-9_]+)"', source))
names |= {f"{name}{part}" for name in names if name.endswith("_seconds") for part in ("_bucket", "_sum", "_count")}
questions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
questions += [note["expr"] for note in dashboard["annotations"]["list"]]
for text in [rules.read_text(encoding="utf-8"), *questions]:
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    unknown = set(re.findall(r"honed_[a-z0-9_]+", code)) - names
    assert not unknown, f"/metrics has no {sorted(unknown)}"

subprocess.run([promtool, "check", "rules", rules], check=True)
shutil.copy(rules, folder)
shutil.copy(here / "hone.rules.test.yml", folder)
subprocess.run([promtool, "test", "rules", folder / "hone.rules.test.yml"], check=True)


class Trouble(http.server.BaseHTTPRequestHandler):
    """The page of a daemon whose alarm stands."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


with contextlib.ExitStack() as stack:
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    trouble = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trouble))
    threading.Thread(target=trouble.serve_forever, daemon=True).start()
    stack.callback(trouble.shutdown)
    targets = [f"127.0.0.1:{trouble.server_port}"]

    def start(arguments):
        child = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(child.wait, 20)
        stack.callback(child.terminate)

    if len(sys.argv) > 1:
        binaries = pathlib.Path(sys.argv[1]).resolve()
        serving = free_port()
        config = folder / "honed.yaml"
        config.write_text(f"data_directory: {folder}/data\nserver: {{port: {serving}}}\n"
                          f"control: {{socket: {folder}/control.sock}}\n", encoding="utf-8")
        tiny = root / "Tests/TransformersTests/Fixtures/tiny-bert"
        subprocess.run([binaries / "hone", "import", tiny, "--config", config, "--promote", "--reason", "a test"],
                       check=True, stdout=subprocess.DEVNULL)
        start([binaries / "honed", "--config", config])
        targets.append(f"127.0.0.1:{serving}")

    (folder / "prometheus.yml").write_text(json.dumps({
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(rules)],
        "scrape_configs": [{"job_name": "honed", "static_configs": [{"targets": targets}]}],
    }), encoding="utf-8")
    port = free_port()
    start([prometheus, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
           f"--web.listen-address=127.0.0.1:{port}"])

    def is_up():
        with contextlib.suppress(OSError):
            up = ask("query", query="up == 1")["result"]
            return len(up) == len(targets)
    eventually("all targets are scraped", is_up)
    for target in ask("targets")["activeTargets"]:
        assert target["health"] == "up" and not target["lastError"], target

    def alarms(state):
        return {(alert["labels"]["alertname"], alert["labels"]["instance"])
                for alert in ask("alerts")["alerts"] if alert["state"] == state}
    eventually("the alarm", lambda: ("HoneDriftAlarm", targets[0]) in alarms("firing"))
    waiting = eventually("what needs patience", lambda: alarms("pending"))
    assert ("HoneSourceFailing", targets[0]) in waiting and ("HoneInputsChanged", targets[0]) in waiting, waiting
    assert all(instance == targets[0] for _, instance in alarms("firing")), "a healthy daemon raised an alarm"
    for group in ask("rules")["groups"]:
        for rule in group["rules"]:
            assert rule["health"] == "ok", rule

    # A second scrape is needed before there are rates.
    time.sleep(3)
    asked = answered = 0
    for question in questions:
        text = question.replace("$instance", ".*").replace("$__rate_interval", "10s")
        asked += 1
        found = ask("query", query=text)["result"]
        answered += bool(found)
        # The page in trouble has no roll-out, and nothing was promoted or raised within this minute.
        may_be_empty = "rollout" in text or "offset 1m" in text or "changes(" in text
        assert found or may_be_empty, f"no answer to {text}"
    print(f"{len(targets)} daemons scraped, {len(alarms('firing'))} alarm raised, "
          f"{answered} of the dashboard's {asked} questions answered")
