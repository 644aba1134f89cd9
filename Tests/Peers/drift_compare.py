"""Hone's drift monitoring beside river, NannyML and Evidently, all at their defaults, on the same streams.

    python3 -m venv ~/.cache/hone/drift-peers
    ~/.cache/hone/drift-peers/bin/pip install -r Tests/Peers/requirements-drift.txt
    ~/.cache/hone/drift-peers/bin/python Tests/Peers/drift_compare.py --seeds 3 --output Tests/Peers/Results/drift.md

Trains one model on movie reviews, serves it to each stream of drift_streams.py by a `honed` of its own, and gives the
very same answers to the others. What was measured is kept in the folder and not measured again; a run that was broken
off goes on. Needs the model and the rows that Deploy/fetch-data.sh fetches. With --tools hone no library is needed.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time

import drift_hone
import drift_peers
import drift_streams

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOLS = ["hone", "river", "nannyml", "evidently"]


def arguments():
    home = pathlib.Path.home() / ".cache/hone"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / ".build/release",
                        help="where honed and hone are (.build/release)")
    parser.add_argument("--data", type=pathlib.Path, default=home, help="where minilm and sentiment are (~/.cache/hone)")
    parser.add_argument("--folder", type=pathlib.Path, default=home / "drift",
                        help="where the model, the answers and the findings are kept (~/.cache/hone/drift)")
    parser.add_argument("--streams", nargs="+", choices=drift_streams.MAKERS, default=list(drift_streams.MAKERS), metavar="NAME",
                        help="only these: " + ", ".join(drift_streams.MAKERS))
    parser.add_argument("--seeds", type=int, default=1, help="how many draws of each stream (1)")
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=TOOLS, metavar="TOOL", help="only these: " + ", ".join(TOOLS))
    parser.add_argument("--output", type=pathlib.Path, help="a file for the tables; else they are printed")
    return parser.parse_args()


def kept(path, measure):
    """What was measured before, or what is measured now."""
    if not path.exists():
        found = measure()
        path.write_text(json.dumps(found, indent=1))
    return json.loads(path.read_text())


def measure(options, name, seed):
    """The findings of all tools on one stream: Hone's as they are, of the others the rows of their alarms."""
    stream = drift_streams.stream(name, seed, options.data / "sentiment")
    folder = options.folder / f"{name}-{seed}"
    begun, prepared = time.monotonic(), options.folder / "prepared"
    found = {"hone": kept(folder / "hone.json", lambda: drift_hone.run(options.binaries, prepared, stream, folder))}
    rows, judged = drift_hone.read(folder / "answers.jsonl"), drift_hone.read(prepared / "reference.jsonl")
    classes = sorted(judged[0]["scores"])
    for tool in options.tools:
        if tool != "hone":
            found |= kept(folder / f"{tool}.json", lambda: getattr(drift_peers, tool)(judged, rows, classes))
    wrong = [drift_peers.predicted(row) != row["label"] for row in rows]
    print(f"{name} {seed}: {len(rows)} rows, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return stream, found, wrong


def hone_alarms(found):
    return [event["row"] for event in found["events"]
            if event["detector"] == "Shiryaev-Roberts" and event["verdict"] == "drift"]


def hone_notices(found):
    """Looks at which the report said that something moves, or named a cause, without the alarm."""
    return [look["row"] - 1 for look in found["looks"] if look["state"] == "watch" or look["cause"]]


def delay(alarms, change):
    """Rows from the change to the first alarm; None where there is none."""
    return next((row - change + 1 for row in alarms if row >= change), None)


def verdict(runs, pick):
    """One cell: delays seed by seed, and false alarms before the change."""
    delays, false = [], 0
    for stream, found, _ in runs:
        alarms = pick(found)
        end = len(stream.rows) if stream.change is None else stream.change
        false += sum(row < end for row in alarms)
        if stream.change is not None:
            delays.append(delay(alarms, stream.change))
    text = ", ".join("–" if one is None else str(one) for one in delays)
    return (text or "quiet" if not false else f"{text} ({false} false)".strip())


def cause(found, change, at_end):
    """What the report named: at the first look after the alarm, or after it first named one; or at the end."""
    alarm = delay(hone_alarms(found), change or 0)
    start = (change or 0) + (alarm or 1)
    named = [look["cause"] for look in found["looks"] if look["row"] >= start]
    if at_end:
        return named[-1] if named else None
    return named[0] if alarm and named else next((one for one in named if one), None)


def grid(heads, lines):
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads),
                      *("| " + " | ".join(map(str, line)) + " |" for line in lines)])


def tables(results):
    """Markdown: what the streams are, who noticed how soon, what Hone named as the cause."""
    peers = [name for name in next(iter(results.values()))[0][1] if name != "hone"]
    streams, delays, causes = [], [], []
    for name, runs in results.items():
        stream = runs[0][0]
        split = [(wrong[:stream.change], wrong[stream.change:] if stream.change else []) for stream, _, wrong in runs]
        share = [f"{100 * statistics.mean(statistics.mean(side) for side in sides):.1f} %" if all(sides) else ""
                 for sides in zip(*split)]
        streams.append([f"`{name}`", stream.about, *share, stream.cause or "none", "yes" if stream.hurts else "no"])
        delays.append([f"`{name}`", "yes" if stream.hurts else "no", verdict(runs, lambda found: hone_alarms(found["hone"])),
                       verdict(runs, lambda found: hone_notices(found["hone"])),
                       *(verdict(runs, lambda found: found[peer]) for peer in peers)])
        for seed, (stream, found, _) in enumerate(runs, 1):
            named = [cause(found["hone"], stream.change, at_end) for at_end in (False, True)]
            began = [event["began"] - stream.change for event in found["hone"]["events"] if stream.change
                     and event["detector"] == "Shiryaev-Roberts" and event["verdict"] == "drift" and event["began"] is not None]
            causes.append([f"`{name}`", seed, stream.cause or "none", *(one or "none" for one in named),
                           *("right" if one == stream.cause else "**wrong**" for one in named),
                           f"{began[0]:+d}" if began else ""])
    return "\n\n".join([
        grid(["stream", "what comes", "wrong before", "wrong after", "expected cause", "hurts"], streams),
        grid(["stream", "hurts", "Hone alarm", "Hone notice", *peers], delays),
        grid(["stream", "seed", "expected", "named at first", "named at the end", "at first", "at the end",
              "dated (rows from the change)"], causes)]) + "\n"


def main():
    options = arguments()
    options.binaries = options.binaries.resolve()
    if not (options.binaries / "honed").exists():
        sys.exit(f"{options.binaries} holds no honed: swift build -c release, or name another folder with --binaries")
    if not (options.data / "sentiment/movies.jsonl").exists():
        sys.exit(f"{options.data}/sentiment is missing: Deploy/fetch-data.sh fetches it, or name another folder with --data")
    print("training the model and importing it, a minute", file=sys.stderr, flush=True)
    drift_hone.prepare(options.binaries, options.data / "minilm", drift_streams.learned(options.data / "sentiment"),
                       options.folder.resolve() / "prepared")
    options.folder = options.folder.resolve()
    results = {name: [measure(options, name, seed) for seed in range(1, options.seeds + 1)] for name in options.streams}
    text = tables(results)
    options.output.write_text(text) if options.output else print(text)


if __name__ == "__main__":
    main()
