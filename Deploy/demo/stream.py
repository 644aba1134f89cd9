"""The outside world of the demo: a small HTTP server that hands out labelled rows page by page.

Rows are released at a steady pace from the first request on, first the movie reviews, then the
tweets; `POST /pace?rate=R` sets another pace from then on. `GET /rows.jsonl?cursor=C` answers what was released behind the cursor as JSON Lines and
names the next cursor in `X-Next-Cursor`; asked again with that, it goes on where it stopped, so
that no row is handed out under two cursors. `ETag` and `If-None-Match` spare an answer that would
say nothing new. `GET /progress` tells how far the stream is.

It listens on 127.0.0.1 only and needs nothing but Python's standard library.
"""

import argparse
import datetime
import http.server
import json
import os
import pathlib
import signal
import sys
import threading
import time
import urllib.parse


class Stream:
    """Rows and the moments at which they are released; a value that many requests may ask."""

    def __init__(self, rows, turns_at, rate, page, clock=time.time):
        self.rows = rows
        self.turns_at = turns_at
        self.rate = rate
        self.page = page
        self.clock = clock
        self.paces = []  # (since when, first row, rows a second), the newest last
        self.furthest = 0
        self.lock = threading.Lock()

    def released(self):
        if not self.paces:
            return 0
        since, first, rate = self.paces[-1]
        return min(len(self.rows), first + int((self.clock() - since) * rate))

    def set_pace(self, rate):
        with self.lock:
            if self.paces:
                self.paces.append((self.clock(), self.released(), rate))
            self.rate = rate

    def read(self, cursor):
        """The rows behind a cursor that are out by now, as many as a page holds, and the next cursor."""
        with self.lock:
            if not self.paces:
                self.paces.append((self.clock(), 0, self.rate))
            end = max(cursor, min(self.released(), cursor + self.page))
            self.furthest = max(self.furthest, end)
            return [self.dated(index) for index in range(cursor, end)], end

    def dated(self, index):
        since, first, rate = next(pace for pace in reversed(self.paces) if pace[1] <= index)
        moment = datetime.datetime.fromtimestamp(since + (index - first) / rate, datetime.timezone.utc)
        row = self.rows[index]
        return {
            "id": row["id"],
            "text": row["text"],
            "label": row["label"],
            "created_at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }

    def progress(self):
        with self.lock:
            released = self.released()
            return {
                "domain": "movies" if released < self.turns_at else "tweets",
                "released": released,
                "handed_out": self.furthest,
                "movies": self.turns_at,
                "tweets": len(self.rows) - self.turns_at,
                "total": len(self.rows),
                "rate": self.rate,
                "finished": self.furthest == len(self.rows),
            }


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stream: Stream

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        if address.path == "/progress":
            self.answer(200, json.dumps(self.stream.progress()) + "\n", {"Content-Type": "application/json"})
        elif address.path == "/rows.jsonl":
            self.rows(urllib.parse.parse_qs(address.query).get("cursor", ["0"])[-1])
        else:
            self.answer(404, "there are /rows.jsonl and /progress\n")

    def do_POST(self):
        address = urllib.parse.urlsplit(self.path)
        try:
            rate = float(urllib.parse.parse_qs(address.query).get("rate", ["none"])[-1])
        except ValueError:
            rate = 0
        if address.path == "/pace" and 0 < rate < float("inf"):
            self.stream.set_pace(rate)
            self.answer(200, f"{rate:g} rows a second\n")
        else:
            self.answer(400, "POST /pace?rate=R takes a positive number of rows a second\n")

    def rows(self, cursor):
        if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= len(self.stream.rows)):
            self.answer(400, "the cursor is none of those in X-Next-Cursor\n")
            return
        rows, following = self.stream.read(int(cursor))
        tag = f'"{cursor}-{following}"'
        headers = {"ETag": tag, "X-Next-Cursor": str(following), "Content-Type": "application/x-ndjson"}
        if self.headers.get("If-None-Match") == tag:
            self.answer(304, "", headers)
        else:
            self.answer(200, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), headers)

    def answer(self, status, body, headers=None):
        content = body.encode("utf-8")
        self.send_response(status)
        for name, value in (headers or {"Content-Type": "text/plain; charset=utf-8"}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *values):
        sys.stderr.write(f"{self.log_date_time_string()} {format % values}\n")


def read(path, count):
    lines = pathlib.Path(path).read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line][:count]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="holds movies-stream.jsonl and tweets-stream.jsonl")
    parser.add_argument("--movies", type=int, help="so many movie reviews first (all)")
    parser.add_argument("--tweets", type=int, help="so many tweets then (all)")
    parser.add_argument("--rate", type=float, default=20, help="rows a second")
    parser.add_argument("--page", type=int, default=100, help="rows a page, at most")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--address", help="write the address to this file once the server listens")
    arguments = parser.parse_args()
    if arguments.rate <= 0 or arguments.page < 1:
        parser.error("--rate and --page must be positive")

    folder = pathlib.Path(arguments.folder)
    movies = read(folder / "movies-stream.jsonl", arguments.movies)
    tweets = read(folder / "tweets-stream.jsonl", arguments.tweets)
    Handler.stream = Stream(movies + tweets, len(movies), arguments.rate, arguments.page)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    address = f"http://127.0.0.1:{server.server_address[1]}"
    if arguments.address:
        draft = arguments.address + ".new"
        pathlib.Path(draft).write_text(address + "\n")
        os.replace(draft, arguments.address)
    counts = f"{len(movies)} movie reviews, then {len(tweets)} tweets"
    print(f"{counts}, {arguments.rate:g} a second, on {address}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
