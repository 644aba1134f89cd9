"""Kills the daemon again and again while it has something to tell, and looks who was told what.

    python3 Tests/Service/alerts.py BIN [KILLS] [SEED]

BIN holds `honed` and `hone`. By default 10 kills, which takes about a minute. The receiver of the webhook
is out of order at first and now and then; it checks each signature with Python's own hmac. Between two
kills an operator promotes or rolls back. At the end every promotion must have been accepted, under its own
name and always with the same bytes; twice only where a kill came between an acceptance and its note. A
command that is told beside it must have got the same.
"""
import collections
import contextlib
import hashlib
import hmac
import http.client
import http.server
import json
import pathlib
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

binaries = pathlib.Path(sys.argv[1]).resolve()
kills = int(sys.argv[2]) if len(sys.argv) > 2 else 10
chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
tiny = pathlib.Path(__file__).resolve().parent.parent / "TransformersTests/Fixtures/tiny-bert"
folder = pathlib.Path(tempfile.mkdtemp(prefix="hone-alerts."))
secret = "between us two"
accepted: list[dict] = []
asked = 0


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global asked
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ours = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(ours, self.headers["X-Hone-Signature"]), "the signature is wrong"
        assert json.loads(body)["id"] == self.headers["X-Hone-Delivery"]
        asked += 1
        # The first three messages, and one of five later on, find it out of order.
        if asked <= 3 or chance.random() < 0.2:
            self.send_response(503)
        else:
            accepted.append({"id": self.headers["X-Hone-Delivery"], "body": body})
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
with socket.socket() as door:
    door.bind(("127.0.0.1", 0))
    port = door.getsockname()[1]
(folder / "key").write_text(secret + "\n", encoding="utf-8")
(folder / "key").chmod(0o600)
pager = folder / "pager"
pager.write_text(f"#!/bin/sh\ncat >>'{folder}/paged'\n", encoding="utf-8")
pager.chmod(0o755)
config = folder / "honed.yaml"
config.write_text(f"""data_directory: {folder}/data
server: {{port: {port}}}
control: {{socket: {folder}/control.sock}}
alerts:
  webhooks:
    - {{name: operators, url: "http://127.0.0.1:{receiver.server_port}/hook", secret_file: {folder}/key}}
  commands:
    - {{name: pager, command: [{pager}]}}
""", encoding="utf-8")
log = open(folder / "honed.log", "ab")


def hone(*arguments: str) -> str:
    done = subprocess.run([binaries / "hone", *arguments, "--config", config], capture_output=True, text=True,
                          timeout=120)
    assert done.returncode == 0, f"hone {arguments}: {done.stderr}{done.stdout}; see {folder}"
    return done.stdout


def until(what: str, condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"never: {what}; see {folder}"
        time.sleep(0.05)


def start() -> subprocess.Popen:
    daemon = subprocess.Popen([binaries / "honed", "--config", config], stdout=log, stderr=log)

    def answers() -> bool:
        assert daemon.poll() is None, f"honed ended with {daemon.returncode}; see {folder}"
        with contextlib.suppress(OSError, http.client.HTTPException):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            link.request("GET", "/health")
            return link.getresponse().status == 200
        return False

    until("honed opens its door", answers)
    return daemon


def query(sql: str) -> list[tuple]:
    with sqlite3.connect(f"file:{folder}/data/honed.sqlite?mode=ro", uri=True, timeout=30) as database:
        return database.execute(sql).fetchall()


hone("import", str(tiny), "--promote", "--reason", "a test")
hone("import", str(tiny), "--reason", "another")
for number in range(kills):
    daemon = start()
    until("the channels are open", lambda: len(query("SELECT name FROM alertChannel")) == 2)
    if number % 2 == 0:
        hone("promote", "2", "--force", "--reason", f"try {number}")
    else:
        hone("rollback")
    time.sleep(chance.uniform(0, 4))
    daemon.kill()
    daemon.wait()

daemon = start()
until("everything is told", lambda: not query("SELECT id FROM alert WHERE state = 'waiting'")
      and len(query("SELECT id FROM alert")) == 2 * kills, 120)
status = json.loads(hone("status", "--json"))
daemon.terminate()
daemon.wait(30)
receiver.shutdown()

# The first model came before there was a channel.
promotions = [f"promotion/{number}" for number, in
              query("SELECT id FROM promotion WHERE previousVersion IS NOT NULL ORDER BY id")]
assert len(promotions) == kills
counts = collections.Counter(message["id"] for message in accepted)
assert sorted(counts) == sorted(promotions), f"{sorted(counts)} were told of {promotions}"
for name in promotions:
    bodies = {message["body"] for message in accepted if message["id"] == name}
    assert len(bodies) == 1, f"{name} was told in {len(bodies)} ways"
twice = sum(counts.values()) - kills
assert twice <= kills, f"{twice} messages came twice in {kills} kills"
paged = collections.Counter(json.loads(line)["id"] for line in (folder / "paged").read_text().splitlines())
assert sorted(paged) == sorted(promotions)
for channel in status["alerts"]:
    assert channel["waiting"] == 0 and channel["delivered"] == kills and not channel.get("abandoned"), channel
print(f"{kills} kills, {kills} events: all accepted by webhook and command, {asked} requests, "
      f"{twice} sent twice by webhook, {sum(paged.values()) - kills} by command")
shutil.rmtree(folder)
