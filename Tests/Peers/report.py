"""Makes a Markdown table and a picture of what compare.sh measured.

Ratios are medians of each round's own ratio, for the machine's speed changes between rounds more than
within one.
"""

import argparse
import collections
import datetime
import html
import json
import pathlib
import statistics

import quality

NAMES = {"hone": "Hone", "pytorch": "PyTorch", "onnxruntime": "ONNX Runtime", "openvino": "OpenVINO",
         "ctranslate2": "CTranslate2"}
WORK = {"serve": "Serving", "full": "Full fine-tune", "head": "Head only", "lora": "LoRA"}


class Measurement:
    """All readings of one side at one work."""

    def __init__(self, name):
        kind, *rest = name.split("-")
        self.kind, self.side = kind, rest[-1]
        self.method = "serve" if kind == "serve" else rest[0]
        self.precision = rest[-2]
        self.rounds = {}

    def values(self, key="tokensPerSecond"):
        return [reading[key] for reading in self.rounds.values() if key in reading]

    def median(self, key="tokensPerSecond"):
        return statistics.median(self.values(key))


def read(folder):
    """The measurements by work, `(method, precision)`; ours first, then the fastest."""
    found = {}
    for line in (folder / "readings.jsonl").read_text().splitlines():
        reading = json.loads(line)
        if "tokensPerSecond" not in reading:
            continue  # the accuracies have a table of their own
        found.setdefault(reading["name"], Measurement(reading["name"])).rounds[reading["round"]] = reading
    groups = collections.defaultdict(list)
    for one in found.values():
        groups[one.method, one.precision].append(one)
    for members in groups.values():
        members.sort(key=lambda one: (one.side != "hone", -one.median()))
    return groups


def ratio(ours, peer, key):
    """Ours over the peer's, round by round: the median and its spread."""
    shared = sorted(set(ours.rounds) & set(peer.rounds))
    ratios = [ours.rounds[n][key] / peer.rounds[n][key] for n in shared]
    return statistics.median(ratios), min(ratios), max(ratios)


def cosines(folder, one):
    """The cosine of each embedding to that of PyTorch in f32: mean and least; None where unknown."""
    import numpy

    files = [folder / f"{side}.embeddings" for side in (f"{one.side}-{one.precision}", "pytorch-f32")]
    if one.kind != "serve" or not all(file.exists() for file in files):
        return None
    rows = len([line for line in (folder / "sentences.txt").read_text().split("\n") if line.strip()])
    a, b = (numpy.fromfile(file, numpy.float32).reshape(rows, -1).astype(float) for file in files)
    cosine = (a * b).sum(1) / numpy.linalg.norm(a, axis=1) / numpy.linalg.norm(b, axis=1)
    return cosine.mean(), cosine.min()


def accuracies(folder):
    """The Markdown rows of what the same fine-tune reached on each side, seed by seed."""
    found = collections.defaultdict(dict)
    for line in (folder / "readings.jsonl").read_text().splitlines():
        reading = json.loads(line)
        if reading["name"].startswith("quality-"):
            found[reading["name"]][reading["round"]] = reading["accuracy"]
    if not found:
        return []
    test, train, development = (f"{quality.SIZES[name]:,}" for name in ("test", "train", "development"))
    lines = ["", f"Accuracy on {test} movie reviews after the same fine-tune: {train} reviews, "
             f"{quality.EPOCHS} epochs, the best step by {development} others, each seed by itself.",
             "", "| Precision | | mean | by seed |", "|---|---|---:|---:|"]
    for name, seeds in sorted(found.items()):
        _, _, precision, side = name.split("-")
        each = [seeds[seed] for seed in sorted(seeds)]
        lines.append(f"| {precision} | {NAMES[side]} | {statistics.mean(each):.1%} "
                     f"| {', '.join(f'{one:.1%}' for one in each)} |")
    return lines


def about(groups):
    versions = {one.side: reading["version"] for members in groups.values() for one in members
                for reading in one.rounds.values() if "version" in reading}
    processor = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                     if line.startswith(("model name", "CPU part")))
    readings = next(iter(groups.values()))[0].rounds
    threads = next(iter(readings.values()))["threads"]
    peers = ", ".join(f"{NAMES[side]} {version}" for side, version in sorted(versions.items()))
    return (f"{datetime.date.today()}, {processor}, {threads} threads, medians of {len(readings)} interleaved "
            f"rounds; {peers}.")


def markdown(folder, groups):
    if not groups:
        return "\n".join(accuracies(folder)[1:]) + "\n"
    lines = [
        "all-MiniLM-L6-v2, the same sentences; " + about(groups), "",
        "| Work | Precision | | tokens/s | lowest to highest | p50 / p99 of one | cosine to f32, mean / least "
        "| peak memory | Hone is faster |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|"]
    for (method, precision), members in groups.items():
        ours = members[0] if members[0].side == "hone" else None
        for one in members:
            latency = (f"{one.median('p50Milliseconds'):.2f} / {one.median('p99Milliseconds'):.2f} ms"
                       if one.kind == "serve" else "")
            cosine = cosines(folder, one)
            memory = f"{one.median('peakMegabytes'):.0f} MB" if one.kind == "train" else ""
            verdict = ""
            if ours and one is not ours:
                middle, low, high = ratio(ours, one, "tokensPerSecond")
                verdict = f"**{middle:.2f}×** ({low:.2f} to {high:.2f})"
            lines.append(
                f"| {WORK[method]} | {precision} | {NAMES[one.side]} | {one.median():,.0f} "
                f"| {min(one.values()):,.0f} to {max(one.values()):,.0f} | {latency} "
                f"| {f'{cosine[0]:.5f} / {cosine[1]:.5f}' if cosine else ''} | {memory} | {verdict} |")
    return "\n".join(lines + accuracies(folder)) + "\n"


def svg(groups):
    """One panel a work, one bar a side; ours in colour."""
    left, width, row, gap = 150, 760, 22, 34
    parts, y = [], 52
    for (method, precision), members in groups.items():
        most = max(one.median() for one in members)
        parts.append(f'<text x="20" y="{y}" class="head">{WORK[method]}, {precision}</text>')
        y += 10
        for one in members:
            length = (width - left - 130) * one.median() / most
            kind = "ours" if one.side == "hone" else "peer"
            parts.append(
                f'<text x="{left - 10}" y="{y + 15}" class="name">{html.escape(NAMES[one.side])}</text>'
                f'<rect x="{left}" y="{y + 2}" width="{length:.0f}" height="{row - 5}" rx="2" class="{kind}"/>'
                f'<text x="{left + length + 8:.0f}" y="{y + 15}">{one.median():,.0f}</text>')
            y += row
        y += gap
    style = ("text{font:13px system-ui,sans-serif;fill:#24292f}.head{font-weight:600}.name{text-anchor:end}"
             ".ours{fill:#b5541c}.peer{fill:#b8bec6}.small{font-size:11px;fill:#57606a}")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y + 6}" role="img" '
            f'aria-label="Tokens a second of Hone and its peers"><style>{style}</style>'
            f'<rect width="{width}" height="{y + 6}" rx="8" fill="#fbfaf8"/>'
            f'<text x="20" y="26" class="head">Tokens a second, all-MiniLM-L6-v2</text>'
            + "".join(parts) + f'<text x="20" y="{y - 10}" class="small">'
            + html.escape(about(groups).split(";")[0]) + "</text></svg>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="compare.sh's output")
    parser.add_argument("--markdown", type=pathlib.Path, required=True)
    parser.add_argument("--svg", type=pathlib.Path, required=True)
    options = parser.parse_args()
    groups = read(options.folder)
    options.markdown.write_text(markdown(options.folder, groups))
    if groups:
        options.svg.write_text(svg(groups))


if __name__ == "__main__":
    main()
