"""Table and pictures of what worth.py found."""

import datetime
import html
import itertools
import json
import statistics

import worth_streams

NAMES = {"hone": "Hone", "patient": "Hone, patient", "never": "never", "calendar": "every 900 labels",
         "alarm": "full at every alarm", "oracle": "oracle"}
COLOURS = {"hone": "#c2571a", "patient": "#d9a200", "never": "#8b949e", "calendar": "#8250df",
           "alarm": "#1f78b4", "oracle": "#2e8b57"}
WINDOW = 200


def area(result):
    """The mean share of right answers, each given before anybody learned of the row."""
    return statistics.mean(result["correct"])


def wrong(result):
    """Swaps to a model that is worse both on what comes now and on what was first."""
    return sum(one["now"][1] < one["now"][0] and one["home"][1] < one["home"][0] for one in result["swaps"])


def sentence(result):
    return (f"area {area(result):.1%}, forgetting {result['end'] - result['start']:+.1%}, {result['runs']} runs, "
            f"{len(result['swaps'])} swaps, {result['cpu']:.0f} s, {wrong(result)} wrong")


def read(folder, names):
    """Results by order, then policy, then seed."""
    found = {}
    for order in worth_streams.ORDERS:
        for name in names:
            for path in sorted(folder.glob(f"{order}-*/{name}.json")):
                seed = int(path.parent.name.rsplit("-", 1)[1])
                found.setdefault(order, {}).setdefault(name, {})[seed] = json.loads(path.read_text())
    return found


def spread(values, form):
    """The mean, and the least and the greatest where there are more than one."""
    values = list(values)
    middle = format(statistics.mean(values), form)
    return middle if len(values) == 1 else f"{middle} ({format(min(values), form)} … {format(max(values), form)})"


def table(order, policies):
    segments = next(iter(next(iter(policies.values())).values()))["segments"]
    seeds = sorted(set().union(*policies.values()))
    lines = [f"## {order}: {', '.join(segments)}", "",
             f"Seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}.", "",
             "| Policy | area under accuracy | " + " | ".join(segments)
             + " | forgetting | runs | swaps | wrong swaps | CPU s of training |",
             "|---|---:|" + "---:|" * (len(segments) + 5)]
    for name, by_seed in policies.items():
        results = list(by_seed.values())
        length = len(results[0]["correct"]) // len(segments)
        parts = [spread((statistics.mean(one["correct"][place * length:(place + 1) * length]) for one in results),
                        ".1%") for place in range(len(segments))]
        cells = [spread(map(area, results), ".1%"), *parts,
                 spread((100 * (one["end"] - one["start"]) for one in results), "+.1f"),
                 *(spread(values, ".3g") for values in (
                     [one["runs"] for one in results], [len(one["swaps"]) for one in results])),
                 f"{sum(map(wrong, results))} of {sum(len(one['swaps']) for one in results)}",
                 spread((one["cpu"] for one in results), ".0f")]
        lines.append(f"| {NAMES[name]} | " + " | ".join(cells) + " |")
    return lines + [""]


def swaps(policies):
    lines = ["Each swap: the row, then accuracy before → after on unseen rows of the segment, and of the first one.", ""]
    for name, by_seed in policies.items():
        for seed, result in by_seed.items():
            told = "; ".join(
                f"{one['row']}: {one['now'][0]:.1%} → {one['now'][1]:.1%}, {one['home'][0]:.1%} → {one['home'][1]:.1%}"
                for one in result["swaps"])
            if told:
                lines.append(f"- {NAMES[name]}, seed {seed}: {told}")
    return lines + [""]


def story(policies):
    lines = []
    for name, by_seed in policies.items():
        for seed, result in by_seed.items():
            if "story" in result:
                told = [f"- {html.escape(line, False)}" for line in result["story"]]
                lines += [f"Runs of {NAMES[name]}, seed {seed}:", "", *told, ""]
    return lines


def curve(correct):
    """The share of right answers among the newest rows, row by row."""
    sums = [0, *itertools.accumulate(correct)]
    return [(row, (sums[row] - sums[max(0, row - WINDOW)]) / min(row, WINDOW))
            for row in range(WINDOW // 2, len(correct) + 1, 10)]


def svg(order, policies):
    """Accuracy over rows, a line a policy; seeds in the mean."""
    left, top, width, height = 52, 60, 690, 260
    any_result = next(iter(next(iter(policies.values())).values()))
    count, segments = len(any_result["correct"]), any_result["segments"]
    curves = {}
    for name, by_seed in policies.items():
        all_seeds = [curve(one["correct"]) for one in by_seed.values()]
        curves[name] = [(points[0][0], statistics.mean(value for _, value in points)) for points in zip(*all_seeds)]
    low = min(value for points in curves.values() for _, value in points)
    low = max(0.0, int(low * 10) / 10)

    def x(row):
        return left + width * row / count

    def y(value):
        return top + height * (1 - value) / (1 - low)

    parts = []
    for tenth in range(int(low * 10), 11):
        parts.append(f'<line class="grid" x1="{left}" x2="{left + width}" y1="{y(tenth / 10):.1f}" '
                     f'y2="{y(tenth / 10):.1f}"/><text x="{left - 8}" y="{y(tenth / 10) + 4:.1f}" '
                     f'class="end">{tenth * 10} %</text>')
    for place, name in enumerate(segments):
        at = x(count * place / len(segments))
        parts.append(f'<line class="turn" x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{top + height}"/>'
                     f'<text x="{at + 5:.1f}" y="{top + height + 18}">{html.escape(name)}</text>')
    for name, points in reversed(curves.items()):
        path = " ".join(f"{x(row):.1f},{y(value):.1f}" for row, value in points)
        parts.append(f'<polyline points="{path}" stroke="{COLOURS[name]}" '
                     f'stroke-width="{2.6 if name == "hone" else 1.6}"/>')
    at = left
    for name in curves:
        parts.append(f'<rect x="{at}" y="38" width="14" height="4" fill="{COLOURS[name]}"/>'
                     f'<text x="{at + 19}" y="44">{html.escape(NAMES[name])}</text>')
        at += 42 + 7 * len(NAMES[name])
    style = ("text{font:12px system-ui,sans-serif;fill:#24292f}.head{font-size:13px;font-weight:600}.end{text-anchor:end}"
             ".grid{stroke:#d0d7de;stroke-width:.6}.turn{stroke:#57606a;stroke-dasharray:3 3}polyline{fill:none}")
    title = f"Right answers among the newest {WINDOW} rows"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {top + height + 34}" role="img" '
            f'aria-label="{title}, {order}"><style>{style}</style>'
            f'<rect width="760" height="{top + height + 34}" rx="8" fill="#fbfaf8"/>'
            f'<text x="20" y="24" class="head">{title}</text>' + "".join(parts) + "</svg>\n")


def write(folder, results, names):
    found = read(folder, names)
    if not found:
        raise SystemExit(f"{folder} holds no results yet: run without --report first")
    processor = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                     if line.startswith(("model name", "CPU part")))
    lines = ["# What the loop is worth", "",
             f"By `Tests/Peers/worth.py`, {datetime.date.today()}, {processor}; its `--help` says what the policies do."
             " Forgetting is in points, on unseen rows of the first segment, the last model against the first.", ""]
    for order, policies in found.items():
        lines += table(order, policies) + [f"![{order}](worth-{order}.svg)", ""] + swaps(policies) + story(policies)
        (results / f"worth-{order}.svg").write_text(svg(order, policies))
    (results / "worth.md").write_text("\n".join(lines))
