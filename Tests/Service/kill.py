"""Kills the daemon again and again while clients send feedback, and counts what it acknowledged.

    python3 Tests/Service/kill.py BIN [TIMES]

BIN holds `honed` and `hone`. The oracle is the list of rows that were answered with 200: each of
them must be in the database afterwards, whatever instruction the daemon was killed at. The tiny
model of the tests is enough, for the model has no part in the promise.
"""
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

binaries = pathlib.Path(sys.argv[1])
times = int(sys.argv[2]) if len(sys.argv) > 2 else 50
model = pathlib.Path(__file__).parent.parent / "TransformersTests/Fixtures/tiny-bert"
folder = pathlib.Path(tempfile.mkdtemp(prefix="hone-kill."))
with socket.socket() as door:
    door.bind(("127.0.0.1", 0))
    port = door.getsockname()[1]
config = folder / "honed.yaml"
config.write_text(
    f"data_directory: {folder}/data\nserver:\n  port: {port}\ncontrol:\n  socket: {folder}/control.sock\n"
    "retraining:\n  enabled: false\n"
)
subprocess.run(
    [binaries / "hone", "import", model, "--config", config, "--promote", "--reason", "a test"],
    check=True, stdout=subprocess.DEVNULL,
)

acknowledged: list[str] = []
lock = threading.Lock()
is_over = threading.Event()


def send(client: int) -> None:
    number = 0
    while not is_over.is_set():
        text = f"film {client} number {number}"
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            body = json.dumps([{"text": text, "label": "positive"}])
            link.request("POST", "/v1/feedback", body, {"content-type": "application/json"})
            answer = link.getresponse()
            content = json.loads(answer.read())
            if answer.status == 200 and content["accepted"] + content["duplicates"] == 1:
                with lock:
                    acknowledged.append(text)
                number += 1
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.02)  # the daemon is gone; the same row is sent again
        finally:
            link.close()


def wait_until_open(daemon: subprocess.Popen) -> None:
    for _ in range(500):
        if daemon.poll() is not None:
            sys.exit(f"honed ended with {daemon.returncode} instead of starting; see {folder}/honed.log")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit(f"honed did not open its door; see {folder}/honed.log")


clients = [threading.Thread(target=send, args=(number,), daemon=True) for number in range(4)]
for client in clients:
    client.start()
chance = random.Random(1)
log = open(folder / "honed.log", "ab")
for _ in range(times):
    daemon = subprocess.Popen([binaries / "honed", "--config", config], stdout=log, stderr=log)
    wait_until_open(daemon)
    time.sleep(chance.uniform(0.05, 0.4))
    daemon.send_signal(signal.SIGKILL)
    daemon.wait()
is_over.set()
for client in clients:
    client.join()

# Opened by a daemon once more, so that the database is recovered as it would be in life.
daemon = subprocess.Popen([binaries / "honed", "--config", config], stdout=log, stderr=log)
wait_until_open(daemon)
daemon.send_signal(signal.SIGTERM)
if daemon.wait(timeout=15) != 0:
    sys.exit(f"honed ended with {daemon.returncode} when asked to stop; see {folder}/honed.log")
with sqlite3.connect(f"file:{folder}/data/honed.sqlite?mode=ro", uri=True) as database:
    kept = {row[0] for row in database.execute("SELECT text FROM example")}
    damage = database.execute("PRAGMA integrity_check").fetchone()[0]
lost = [text for text in acknowledged if text not in kept]
print(f"killed {times} times; {len(acknowledged)} rows acknowledged, {len(lost)} lost; database {damage}")
if lost or damage != "ok" or len(acknowledged) < times:
    sys.exit(1)
subprocess.run(["rm", "-rf", os.fspath(folder)], check=True)
