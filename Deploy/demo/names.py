"""Names in tweets: deals the Broad Twitter Corpus out, and feeds it to the daemon.

    names.py deal CORPUS OUTPUT    a, b, e and f as CoNLL -> rows to learn from first, to send, to judge by
    names.py feed ROWS ...         sends rows as labelled feedback and tells what comes of it

Needs nothing but Python's standard library. The same input gives the same rows.
"""

import argparse
import hashlib
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

import follow
from prepare import write

PAGE = 20


def section(corpus, name):
    """The tweets of a section, once each."""
    path = next(iter(sorted(pathlib.Path(corpus).rglob(f"{name}.conll"))), None)
    if path is None:
        sys.exit(f"names.py: {corpus} holds no {name}.conll: is it a clone of GateNLP/broad_twitter_corpus?")
    tweets, words, tags = {}, [], []
    for line in path.read_text(encoding="utf-8").split("\n") + [""]:
        if line.strip():
            columns = line.split("\t") if "\t" in line else line.split()
            words.append(columns[0])
            tags.append(columns[-1])
        elif words:
            tweets[" ".join(words)] = tags
            words, tags = [], []
    # A word with a space of its own would count as two.
    rows = [{"text": text, "tags": tags} for text, tags in tweets.items() if len(text.split()) == len(tags)]
    return in_order(rows)


def in_order(rows):
    """An order that looks random and never changes."""
    return sorted(rows, key=lambda row: hashlib.sha256(row["text"].encode()).digest())


def deal(arguments):
    output = pathlib.Path(arguments.output)
    # What stands in two sections is of the first, so that nothing that judges was learned.
    seen, sections = set(), {}
    for name in "abef":
        sections[name] = [row for row in section(arguments.corpus, name) if row["text"] not in seen]
        seen.update(row["text"] for row in sections[name])
    early, disaster, followed = in_order(sections["a"] + sections["b"]), sections["e"], sections["f"]
    half = len(disaster) // 2
    write(output / "early-test.jsonl", early[:400])
    write(output / "disaster-test.jsonl", disaster[:half])
    write(output / "followed-test.jsonl", followed[:500])
    write(output / "early-sent.jsonl", early[400:][: arguments.early])
    write(output / "first.jsonl", early[400 + arguments.early :])
    write(output / "late-sent.jsonl", in_order(disaster[half:] + followed[500:]))


class NamesStory(follow.Story):
    """The loop as it is told of feedback that is sent, and not of a stream."""

    def __init__(self, terminal):
        super().__init__(terminal, recovered=100)

    def tell(self, status):
        self.tell_alarm(status)
        self.tell_runs(status)
        self.tell_model(status)
        self.accuracy = status.get("accuracy") or {}

    def score(self, share):
        return f"mean F1 of a text {follow.percent(share)}"

    def line(self, status, sent, count):
        run, parts = status.get("run"), [f"row {sent:,}/{count:,}"]
        if run:
            step = f"step {run['step']}/{run['totalSteps']}" if run.get("totalSteps") else run["state"]
            parts.insert(0, f"run {run['id']} {step}")
        if self.accuracy.get("count"):
            parts.append("mean F1 of a text " + follow.interval(self.accuracy))
        if not run:
            parts.append(status["decision"])
        return " · ".join(parts)

    @property
    def has_swapped(self):
        return self.version != self.first_version


def send(address, rows):
    body = json.dumps(rows).encode()
    request = urllib.request.Request(
        address + "/v1/feedback", body, {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        receipt = json.load(answer)
    if receipt["rejected"]:
        sys.exit(f"names.py: {receipt['rejected']} rows were refused: {receipt['results']}")


def feed(arguments):
    folder = pathlib.Path(arguments.rows)
    early, late = (
        [json.loads(line) for line in (folder / f"{name}-sent.jsonl").read_text(encoding="utf-8").split("\n") if line]
        for name in ("early", "late"))
    rows, sent, swapped_at, dry_since = early + late, 0, None, None
    story = NamesStory(follow.Terminal())
    while story.terminal.seconds() < arguments.time_limit:
        status = follow.hone_status(arguments.hone, arguments.config)
        story.tell(status)
        story.terminal.renew(story.line(status, sent, len(rows)))
        if story.has_swapped:
            swapped_at = sent if swapped_at is None else swapped_at
            if sent == len(rows) or sent - swapped_at >= 200:
                if story.accuracy.get("count"):
                    story.terminal.tell("since the swap: mean F1 of a text " + follow.interval(story.accuracy), "good")
                return 0
        if sent == 0:
            story.once("early", f"{len(early):,} tweets of the time that it knows, with their names")
        if sent >= len(early):
            story.once("late", f"{len(late):,} tweets of another time and other people follow", "strong")
        if sent < len(rows):
            # Slowly during a run, so that there are rows left which it cannot have learned from.
            rate = arguments.pace if status.get("run") else arguments.rate
            count = min(PAGE, len(early) - sent) if sent < len(early) else PAGE
            send(arguments.address, rows[sent : sent + count])
            sent = min(len(rows), sent + count)
            time.sleep(PAGE / rate)
            continue
        if status.get("run"):
            dry_since = None
        else:
            dry_since = dry_since or story.terminal.seconds()
            if story.terminal.seconds() - dry_since > follow.PATIENCE_SECONDS:
                story.terminal.tell(f"all rows are sent and no new version was let in: {status['decision']}", "bad")
                return 1
        time.sleep(1)
    story.terminal.tell("the story took too long", "bad")
    return 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("deal")
    command.add_argument("corpus")
    command.add_argument("output")
    command.add_argument("--early", type=int, default=200, help="rows of a and b to send before the others")
    command.set_defaults(run=deal)
    command = commands.add_parser("feed")
    command.add_argument("rows")
    command.add_argument("--hone", required=True, help="the command")
    command.add_argument("--config", required=True, help="the daemon's configuration")
    command.add_argument("--address", required=True, help="where the daemon serves")
    command.add_argument("--rate", type=float, default=25, help="rows a second")
    command.add_argument("--pace", type=float, default=2.5, help="rows a second during a run")
    command.add_argument("--time-limit", type=float, default=1500, help="seconds after which to give up")
    command.set_defaults(run=feed)
    arguments = parser.parse_args()
    try:
        return arguments.run(arguments) or 0
    except (RuntimeError, urllib.error.URLError, OSError) as error:
        sys.exit(f"names.py: {error}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
