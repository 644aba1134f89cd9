"""Models as folders: trained by `hone train`, asked by `hone predict`, at what cost. Nothing is done twice."""

import json
import os
import subprocess
import tempfile
import time

import worth_streams


def run(command, **options):
    """Runs to the end; the processor time that it took, in seconds, and what it wrote."""
    with tempfile.TemporaryFile("w+") as written, tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(command, stdout=written, stderr=said, **options)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        written.seek(0)
        said.seek(0)
        if child.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))} ended with {child.returncode}: {said.read()}")
        return usage.ru_utime + usage.ru_stime, written.read()


class Models:
    """Trains and asks models of one stream."""

    def __init__(self, hone, folder, stream):
        self.hone, self.folder, self.stream = hone, folder, stream
        self.known = {}

    def train(self, base, rows, folder, epochs):
        """A full fine-tune from `base` on; its processor time. A fifth of the rows is held out, as in the daemon."""
        notes = folder.with_suffix(".json")
        if not notes.exists():
            began = time.monotonic()
            path = worth_streams.write(folder.with_suffix(".jsonl"), rows)
            seconds, _ = run([self.hone, "train", "--base", base, "--train", path, "--output", folder,
                              "--epochs", str(epochs), "--json"])
            notes.write_text(json.dumps({"cpu": seconds, "seconds": time.monotonic() - began, "rows": len(rows)}))
        return json.loads(notes.read_text())["cpu"]

    def answers(self, folder, rows):
        """The label that a model gives each row."""
        known = self.known.setdefault(folder, {})
        new = list(dict.fromkeys(row["text"] for row in rows if row["text"] not in known))
        if new:
            with tempfile.TemporaryFile("w+", encoding="utf-8") as texts:
                texts.write("\n".join(new) + "\n")
                texts.seek(0)
                _, lines = run([self.hone, "predict", "--model", folder, "--json"], stdin=texts)
            replies = [json.loads(line) for line in lines.splitlines()]
            if [reply["text"] for reply in replies] != new:
                raise SystemExit(f"{folder} did not answer each text once")
            known.update((one["text"], max(one["scores"], key=lambda s: s["score"])["label"]) for one in replies)
        return [known[row["text"]] for row in rows]

    def correct(self, folder, rows):
        return [int(said == row["label"]) for said, row in zip(self.answers(folder, rows), rows)]

    def accuracy(self, folder, segment):
        """On rows of a segment that nobody learns from."""
        right = self.correct(folder, self.stream.tests[segment])
        return sum(right) / len(right)
