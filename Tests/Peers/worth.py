"""Is the whole loop worth it? The real daemon and simpler policies live through the same streams of labelled rows.

    python3 Tests/Peers/worth.py .build/release                              all of it, some hours
    python3 Tests/Peers/worth.py .build/release --orders return --seeds 1    half an hour

A stream is three segments of 1,200 rows of human-rated sentiment (`Deploy/fetch-data.sh` fetches them):

    return   movies, tweets, movies again
    onward   movies, tweets, news
    flip     movies, tweets, tweets whose positive and negative are swapped
    shares   movies, movies of which three in four negative ones are missing, movies again

Each policy begins with the same model, learned from 5,000 other movie reviews, answers each row before anybody learns of
it, and trains on this machine with the same engine:

    hone      `honed`, its settings those of Deploy/demo.sh, and 200 new labels before a run, the default
    patient   the same with 1,400, which leaves 200 rows of the first change beside the segment before it; so the demo counts
              them too. It knows where the first change lies, as nobody does: it tells what waiting for rows of the change gives
    never     nothing
    calendar  all rows so far, every 900 labels, no gate
    alarm     all rows so far, at every alarm of the daemon's watch, no gate
    oracle    all rows so far, 400 labels after each true change; keeps what does better on rows that it cannot know

Rows wait while a model is trained, so that the figures do not depend on the machine's speed, but for processor time. What is
done lies in --folder and is not done again. With --report nothing is run: table and pictures are made of what is there.
"""

import argparse
import json
import os
import pathlib
import time

import worth_hone
import worth_models
import worth_policies
import worth_report
import worth_streams

NEW_LABELS = {"hone": worth_policies.NEW_LABELS, "patient": worth_streams.SEGMENT + worth_policies.NEW_LABELS}
ORDER = [*NEW_LABELS, *worth_policies.POLICIES]


def options():
    cache = pathlib.Path(os.environ.get("HONE_DATA", pathlib.Path.home() / ".cache" / "hone"))
    results = pathlib.Path(__file__).resolve().parent / "Results"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin", type=pathlib.Path, help="the folder of hone and honed")
    parser.add_argument("--orders", nargs="+", default=list(worth_streams.ORDERS), choices=worth_streams.ORDERS)
    parser.add_argument("--policies", nargs="+", default=ORDER, choices=ORDER)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--rate", type=float, default=20, help="rows a second, for the daemon (20)")
    parser.add_argument("--cool-down", type=int, default=300, help="rows from one run to the next (300)")
    parser.add_argument("--every", type=int, default=900, help="labels of the calendar (900)")
    parser.add_argument("--enough", type=int, default=400, help="labels that the oracle waits for (400)")
    parser.add_argument("--data", type=pathlib.Path, default=cache, help=f"minilm/ and sentiment/ ({cache})")
    parser.add_argument("--folder", type=pathlib.Path, default=cache / "worth", help="for models and stores")
    parser.add_argument("--results", type=pathlib.Path, default=results, help="for table and pictures")
    parser.add_argument("--report", action="store_true", help="only make table and pictures")
    return parser.parse_args()


def measured(result, models, first):
    """What a policy was worth beyond its answers: on rows that nobody learned from, before and after each swap."""
    segments = models.stream.segments
    length = len(models.stream.rows) // len(segments)
    live, home = str(first), segments[0].name
    result["start"] = models.accuracy(pathlib.Path(live), home)
    for swap in result["swaps"]:
        now = segments[min(swap["row"], len(models.stream.rows) - 1) // length].name
        swap["segment"] = now
        for key, name in (("now", now), ("home", home)):
            swap[key] = [models.accuracy(pathlib.Path(model), name) for model in (live, swap["model"])]
        live = swap["model"]
    result["end"] = models.accuracy(pathlib.Path(live), home)
    result["segments"] = [one.name for one in segments]
    return result


def main():
    chosen = options()
    binaries, folder = chosen.bin.resolve(), chosen.folder
    begun = time.monotonic()
    for seed in [] if chosen.report else chosen.seeds:
        for order in chosen.orders:
            stream = worth_streams.stream(chosen.data / "sentiment", order, seed)
            models = worth_models.Models(binaries / "hone", folder, stream)
            first = folder / f"first-{stream.segments[0].domain}-{seed}" / "model"
            models.train(chosen.data / "minilm", stream.first, first, 2)
            for name in chosen.policies:
                def say(what):
                    print(f"{(time.monotonic() - begun) / 60:5.1f} min  {order} {seed}, {name}: {what}", flush=True)

                place = folder / f"{order}-{seed}" / name
                notes = place.with_suffix(".json")
                if notes.exists():
                    continue
                if name in NEW_LABELS:
                    result = worth_hone.live(
                        binaries, place, first, stream, chosen.rate, chosen.cool_down, NEW_LABELS[name], say)
                else:
                    policy = worth_policies.Policy(models, place, first, say)
                    result = worth_policies.POLICIES[name](policy, chosen)
                result = measured(result, models, first)
                notes.write_text(json.dumps(result))
                say(worth_report.sentence(result))
    worth_report.write(folder, chosen.results, ORDER)


if __name__ == "__main__":
    main()
