"""A client that never stops asking: texts without labels, all through the demo.

Keeps its connections open, as real clients do, and counts what came back under which model
version. What it counted is written to `--output` every second, and printed when it is told to end.
Needs nothing but Python's standard library.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import signal
import sys
import threading
import time


class Tally:
    """What came back, by model version."""

    def __init__(self):
        self.lock = threading.Lock()
        self.versions = {}
        self.failed = 0
        self.failures = collections.Counter()
        self.began = time.time()

    def succeeded(self, version, milliseconds):
        with self.lock:
            self.versions.setdefault(version, []).append(milliseconds)

    def failed_with(self, reason):
        with self.lock:
            self.failed += 1
            self.failures[reason] += 1

    def report(self):
        with self.lock:
            versions = {version: sorted(times) for version, times in self.versions.items()}
            return {
                "seconds": round(time.time() - self.began, 1),
                "ok": sum(len(times) for times in versions.values()),
                "failed": self.failed,
                "failures": dict(self.failures),
                "versions": {
                    version: {
                        "ok": len(times),
                        "p50_milliseconds": round(quantile(times, 0.50), 1),
                        "p99_milliseconds": round(quantile(times, 0.99), 1),
                        "maximum_milliseconds": round(times[-1], 1),
                    }
                    for version, times in sorted(versions.items())
                },
            }


def quantile(ascending, share):
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))]


def ask(connection, text):
    """Sends one text; the version that answered, or an error."""
    body = json.dumps({"inputs": text}).encode()
    connection.request("POST", "/predict", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise ValueError(f"status {response.status}")
    if not json.loads(content):
        raise ValueError("an empty answer")
    return response.getheader("x-model-version") or "?"


def keep_asking(host, port, texts, interval, tally, stop):
    connection = http.client.HTTPConnection(host, port, timeout=30)
    turn = time.perf_counter()
    index = 0
    while not stop.is_set():
        begun = time.perf_counter()
        try:
            version = ask(connection, texts[index % len(texts)])
            tally.succeeded(version, (time.perf_counter() - begun) * 1000)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if stop.is_set():
                break
            tally.failed_with(str(error) or type(error).__name__)
            connection.close()
            stop.wait(0.2)
        index += 1
        # A steady pace; one that fell behind does not catch up in a burst.
        turn = max(turn + interval, time.perf_counter() - interval)
        stop.wait(max(0, turn - time.perf_counter()))
    connection.close()


def save(report, path):
    draft = path + ".new"
    pathlib.Path(draft).write_text(json.dumps(report) + "\n")
    os.replace(draft, path)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", help="JSON Lines with text")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=20, help="requests a second, all threads together")
    parser.add_argument("--output", help="write the counts to this file every second")
    arguments = parser.parse_args()

    texts = [
        json.loads(line)["text"]
        for path in arguments.texts
        for line in pathlib.Path(path).read_text(encoding="utf-8").split("\n")
        if line
    ]
    if not texts:
        sys.exit("client.py: there is no text to ask about")
    tally, stop = Tally(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    interval = arguments.threads / arguments.rate
    threads = [
        threading.Thread(
            target=keep_asking,
            args=(arguments.host, arguments.port, texts[start :: arguments.threads], interval, tally, stop))
        for start in range(arguments.threads)
    ]
    for thread in threads:
        thread.start()
    while not stop.wait(1):
        if arguments.output:
            save(tally.report(), arguments.output)
    for thread in threads:
        thread.join()
    if arguments.output:
        save(tally.report(), arguments.output)
    print(json.dumps(tally.report(), indent=2), flush=True)


if __name__ == "__main__":
    main()
