"""Tells the story of the demo on the terminal while it happens.

It knows nothing that everybody could not ask for: `hone status --json` of the daemon, `/progress`
of the stream and the counts of the client. The stream plays weeks in minutes, but a training of
minutes takes minutes; so that it does not run dry meanwhile, it is told to play at `--pace` then. It ends when the new version has proved itself on
`--recovered` fresh rows: with 0 if one was promoted, with 1 if the stream ran dry before that.
Needs nothing but Python's standard library.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

PATIENCE_SECONDS = 30  # after the last row, before the story is called unfinished


def percent(share):
    return f"{100 * share:.1f} %"


def interval(figures):
    return f"{percent(figures['estimate' if 'estimate' in figures else 'accuracy'])} " \
        f"[{100 * figures['lower']:.1f}, {100 * figures['upper']:.1f}] of {figures['count']:,} rows"


def whole(log10):
    """Evidence as the reports write it: rounded to two digits, and words where it is out of sight."""
    if log10 >= 15:
        return "over a thousand trillion"
    return f"{float(f'{10 ** log10:.1e}'):,.0f}"


def clock(seconds):
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


def bar(share, width=16):
    filled = round(width * min(1, max(0, share)))
    return "█" * filled + "░" * (width - filled)


class Terminal:
    """Lines that stay, and below them, where somebody looks, one that is renewed."""

    COLOURS = {"plain": "", "good": "\033[32m", "bad": "\033[31m", "strong": "\033[1m", "faint": "\033[2m"}

    def __init__(self, out=sys.stdout):
        self.out = out
        self.is_live = out.isatty()
        self.has_colour = self.is_live and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.began = time.monotonic()
        self.last_told = 0.0

    def seconds(self):
        return time.monotonic() - self.began

    def tell(self, text, style="plain"):
        if self.has_colour and self.COLOURS[style]:
            text = f"{self.COLOURS[style]}{text}\033[0m"
        self.write(("\r\033[K" if self.is_live else "") + f"{clock(self.seconds())}  {text}\n")

    def renew(self, text):
        line = f"{clock(self.seconds())}  {text}"
        if self.is_live:
            self.write("\r\033[K" + line[: shutil.get_terminal_size().columns - 1])
        elif self.seconds() - self.last_told >= 10:
            self.last_told = self.seconds()
            self.write(line + "\n")

    def write(self, text):
        self.out.write(text)
        self.out.flush()


class Story:
    """What was told already; each reading may add a sentence."""

    def __init__(self, terminal, recovered):
        self.terminal = terminal
        self.recovered = recovered
        self.told = set()
        self.version = None
        self.first_version = None
        self.dry_since = None

    def once(self, key, text, style="plain"):
        if key not in self.told:
            self.told.add(key)
            self.terminal.tell(text, style)

    def read(self, status, progress, client):
        """Tells what is new. Returns the exit code when the story is over, else None."""
        self.tell_stream(progress)
        self.tell_fall(status, progress)
        self.tell_alarm(status)
        self.tell_runs(status)
        self.tell_model(status, f"; {client.get('ok', 0):,} answers so far, {client.get('failed', 0)} failed")
        self.terminal.renew(self.now(status, progress, client))
        return self.ending(status, progress, client)

    def score(self, share):
        return f"{percent(share)} right"

    def tell_model(self, status, served=""):
        model = status.get("model")
        # A swap is told after the verdict that led to it.
        if not model or model["version"] == self.version or status.get("run"):
            return
        if self.version is None:
            self.first_version = model["version"]
            promise = (status.get("accuracy") or {}).get("baseline")
            text = f"version {model['version']} of \"{model['name']}\" is live"
            if promise and promise["count"]:
                share = (promise["count"] - promise["errors"]) / promise["count"]
                text += f": {self.score(share)} on {promise['count']:,} held-out rows"
            self.terminal.tell(text, "strong")
        else:
            self.terminal.tell(f"swap: version {model['version']} answers now{served}", "good")
        self.version = model["version"]

    def tell_stream(self, progress):
        if progress["released"]:
            self.once("movies", f"the stream begins with {progress['movies']:,} labelled movie reviews")
        if progress["domain"] == "tweets":
            self.once("tweets", f"the stream turns: {progress['tweets']:,} tweets follow", "strong")

    def tell_fall(self, status, progress):
        accuracy = status.get("accuracy") or {}
        window, promise = accuracy.get("window"), accuracy.get("baseline")
        if progress["domain"] != "tweets" or self.version != self.first_version or not window or not promise:
            return
        if promise["count"] and window["upper"] < 1 - promise["errors"] / promise["count"]:
            self.once("fall", f"accuracy falls: the newest window is at {interval(window)}", "bad")

    def tell_alarm(self, status):
        alarm, evidence = status.get("alarm"), status.get("evidence")
        if not alarm:
            return
        text = f"alarm: {alarm['sentence']}"
        if evidence:
            text += (
                f" (evidence {whole(evidence['logEvidence'])}, alarm at {whole(evidence['logThreshold'])}: "
                f"a false alarm once in {evidence['averageRunLength']:,.0f} labels)"
            )
        self.once(("alarm", self.version), text, "bad")

    def tell_runs(self, status):
        run = status.get("run")
        if run:
            name = f"run {run['id']}"
            self.once(("start", run["id"]), f"{name} starts from version {run['baseVersion']}: {run['reason']}")
            if run.get("trainingRows"):
                self.once(("rows", run["id"]), f"{name} learns from {run['trainingRows']:,} rows, new and old")
            if run["state"] == "judging":
                self.once(("judging", run["id"]), f"{name} is trained; the gate compares both models row by row")
        last = status.get("lastRun")
        if not last or ("end", last["id"]) in self.told:
            return
        verdict = last.get("verdict")
        for check in (verdict or {}).get("checks", []):
            passed = check["outcome"] in ("passed", "warned", "skipped")
            mark, style = ("✓", "plain") if passed else ("✗", "bad")
            self.terminal.tell(f"  {mark} {check['name']}: {check['statement']}", style)
        sentence = verdict["sentence"] if verdict else last.get("error", "it ended without a verdict")
        style = "good" if last["state"] == "promoted" else "bad"
        self.once(("end", last["id"]), f"run {last['id']}: {sentence}", style)

    def now(self, status, progress, client):
        """The line that is renewed: where things stand."""
        parts = []
        run, accuracy, evidence = status.get("run"), status.get("accuracy"), status.get("evidence")
        if run and run.get("totalSteps"):
            share = run["step"] / run["totalSteps"]
            line = f"run {run['id']} {bar(share)} step {run['step']}/{run['totalSteps']}"
            if run.get("loss") is not None:
                line += f", loss {run['loss']:.3f}"
            if run.get("secondsLeft") is not None:
                line += f", {clock(run['secondsLeft'])} left"
            parts.append(line)
        else:
            parts.append(f"{progress['domain']} {bar(progress['released'] / progress['total'])} "
                         f"row {progress['released']:,}/{progress['total']:,}")
        if accuracy:
            parts.append(f"accuracy {interval(accuracy)}")
        if evidence and not status.get("alarm"):
            parts.append(f"evidence {whole(evidence['logEvidence'])}, alarm at {whole(evidence['logThreshold'])}")
        if not run and not self.terminal.is_live:
            parts.append(status["decision"])
        parts.append(f"{client.get('ok', 0):,} answers, {client.get('failed', 0)} failed")
        return " · ".join(parts)

    def ending(self, status, progress, client):
        accuracy = status.get("accuracy")
        has_new_version = self.version is not None and self.version != self.first_version
        if has_new_version and accuracy and accuracy["count"] >= self.recovered:
            self.terminal.tell(f"recovered: version {self.version} is at {interval(accuracy)}", "good")
            for version, figures in client.get("versions", {}).items():
                self.terminal.tell(
                    f"  version {version} answered {figures['ok']:,} requests, half of them within "
                    f"{figures['p50_milliseconds']} ms, 99 of 100 within {figures['p99_milliseconds']} ms")
            failed = client.get("failed", 0)
            self.terminal.tell(
                f"  {failed} requests failed, before, during and after the swap", "bad" if failed else "good")
            return 0
        if not progress["finished"] or status.get("run"):
            self.dry_since = None
            return None
        self.dry_since = self.dry_since or self.terminal.seconds()
        if self.terminal.seconds() - self.dry_since < PATIENCE_SECONDS:
            return None
        if has_new_version:
            rows = accuracy["count"] if accuracy else 0
            self.terminal.tell(f"the stream ended {rows} rows after the swap", "strong")
            return 0
        self.terminal.tell(f"the stream ended and no new version was let in: {status['decision']}", "bad")
        return 1


def hone_status(hone, config):
    answer = subprocess.run(
        [hone, "status", "--config", config, "--json"], capture_output=True, text=True, timeout=30, check=False)
    if answer.returncode != 0:
        raise RuntimeError(answer.stderr.strip() or f"hone status ended with {answer.returncode}")
    status = json.loads(answer.stdout)
    if status["daemon"]["state"] == "down":
        raise RuntimeError("honed does not answer any more; its log says why")
    return status


def stream_progress(address):
    with urllib.request.urlopen(address + "/progress", timeout=10) as answer:
        return json.load(answer)


def set_pace(address, rate):
    with urllib.request.urlopen(f"{address}/pace?rate={rate}", data=b"", timeout=10):
        pass


def client_counts(path):
    try:
        return json.loads(pathlib.Path(path).read_text())
    except FileNotFoundError:
        return {}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hone", required=True, help="the command")
    parser.add_argument("--config", required=True, help="the daemon's configuration")
    parser.add_argument("--stream", required=True, help="the address of stream.py")
    parser.add_argument("--client", required=True, help="where client.py writes its counts")
    parser.add_argument("--recovered", type=int, default=400, help="rows after the swap to end with")
    parser.add_argument("--pace", type=float, help="rows a second during a run (as otherwise)")
    parser.add_argument("--time-limit", type=float, default=3600, help="seconds after which to give up")
    arguments = parser.parse_args()

    story, failures, usual_pace, is_slow = Story(Terminal(), arguments.recovered), 0, None, False
    while story.terminal.seconds() < arguments.time_limit:
        try:
            status, progress = hone_status(arguments.hone, arguments.config), stream_progress(arguments.stream)
            usual_pace = usual_pace or progress["rate"]
            if arguments.pace and bool(status.get("run")) != is_slow:
                is_slow = not is_slow
                set_pace(arguments.stream, arguments.pace if is_slow else usual_pace)
            code = story.read(status, progress, client_counts(arguments.client))
            failures = 0
        except (RuntimeError, OSError, ValueError, subprocess.TimeoutExpired) as error:
            failures += 1
            if failures == 5:
                story.terminal.tell(str(error), "bad")
                return 1
            code = None
        if code is not None:
            return code
        time.sleep(0.5)
    story.terminal.tell(f"the story took more than {clock(arguments.time_limit)}", "bad")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
