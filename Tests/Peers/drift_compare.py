"""Hone's drift monitoring beside river, NannyML and Evidently, all at their defaults, on the same streams.

    python3 -m venv ~/.cache/hone/drift-peers
    ~/.cache/hone/drift-peers/bin/pip install -r Tests/Peers/requirements-drift.txt
    ~/.cache/hone/drift-peers/bin/python Tests/Peers/drift_compare.py --seeds 3 --output drift.md

Trains one model on movie reviews, serves it to each stream of drift_streams.py by a `honed` of its own, and gives the
very same answers to the others. What was measured is kept in the folder and not measured again; a run that was broken
off goes on. Needs the model and the rows that Deploy/fetch-data.sh fetches. With --tools hone no library is needed.
"""

import argparse
import json
import pathlib
import signal
import sys
import time

import drift_hone
import drift_peers
import drift_streams
import drift_tables

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
    return {"stream": stream, "found": found, "wrong": wrong}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no daemon outlives the script
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
    text = drift_tables.page(results)
    options.output.write_text(text) if options.output else print(text)


if __name__ == "__main__":
    main()
