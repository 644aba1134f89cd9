"""The findings of drift_compare.py as Markdown: who noticed what and how soon, and what Hone took for the cause.

A delay is the number of rows from the first one of the new law to the one that raised the alarm, both counted. An alarm
before the change is false. Where a change does not hurt, an alarm on mistakes is needless, while to notice it is right.
"""

import collections
import statistics

HONE, NOTICE = "**Hone** alarm", "**Hone** notice"


def alarms(found):
    """The rows at which each monitor raised an alarm; Hone's alarm and what it says without one apart."""
    hone = found["hone"]
    raised = [event["row"] for event in hone["events"]
              if event["detector"] == "Shiryaev-Roberts" and event["verdict"] == "drift"]
    # Looks at which the report said that something moves, or named a cause.
    noticed = [look["row"] - 1 for look in hone["looks"] if look["state"] in ("watch", "degraded") or look["cause"]]
    return {HONE: raised, NOTICE: noticed} | {name: rows for name, rows in found.items() if name != "hone"}


def split(run, name):
    """False alarms of a monitor in a run, and its delay: None where it said nothing after the change."""
    stream, rows = run["stream"], alarms(run["found"])[name]
    change = len(stream.rows) if stream.change is None else stream.change
    return sum(row < change for row in rows), next((row - change + 1 for row in rows if row >= change), None)


def grid(heads, lines):
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads),
                      *("| " + " | ".join(map(str, line)) + " |" for line in lines)])


def summary(results):
    runs = [run for runs in results.values() for run in runs]
    hurting = [run for run in runs if run["stream"].hurts]
    harmless = [run for run in runs if run["stream"].change is not None and not run["stream"].hurts]
    before = sum(run["stream"].change or len(run["stream"].rows) for run in runs)
    lines = []
    for name in alarms(runs[0]["found"]):
        delays = [delay for run in hurting if (delay := split(run, name)[1]) is not None]
        lines.append([
            name, f"{len(delays)} of {len(hurting)}", round(statistics.median(delays)) if delays else "–",
            sum(split(run, name)[0] for run in runs), sum(split(run, name)[0] > 0 for run in runs),
            f"{sum(split(run, name)[1] is not None for run in harmless)} of {len(harmless)}"])
    return grid(["monitor", "harmful changes found", "median delay, rows", f"false alarms in {before:,} rows before changes",
                 f"streams of {len(runs)} with one", "harmless changes reported"], lines)


def streams(results):
    lines = []
    for name, runs in results.items():
        stream = runs[0]["stream"]
        wrong = [[run["wrong"][:run["stream"].change] for run in runs],
                 [run["wrong"][run["stream"].change:] for run in runs if run["stream"].change]]
        shares = [f"{100 * statistics.mean(map(statistics.mean, side)):.1f} %" if side else "" for side in wrong]
        lines.append([f"`{name}`", stream.about, *shares, "yes" if stream.hurts else "no", stream.cause or "none"])
    return grid(["stream", "what comes", "wrong before", "wrong after", "hurts", "expected cause"], lines)


def delays(results):
    names = list(alarms(next(iter(results.values()))[0]["found"]))
    lines = []
    for stream, runs in results.items():
        cells = []
        for name in names:
            found = [split(run, name) for run in runs]
            false = sum(count for count, _ in found)
            text = ", ".join("–" if delay is None else str(delay) for _, delay in found)
            if runs[0]["stream"].change is None:
                text = "" if false else "quiet"
            cells.append((text + f" ({false} false)" * (false > 0)).strip())
        lines.append([f"`{stream}`", *cells])
    return grid(["stream", *names], lines)


def named(run):
    """The causes that Hone named: at the first look after its alarm, or else when it first named one; and at the end."""
    change = run["stream"].change or 0
    delay = split(run, HONE)[1]
    looks = [look["cause"] for look in run["found"]["hone"]["looks"] if look["row"] >= change + (delay or 1)]
    first = looks[0] if delay is not None and looks else next((cause for cause in looks if cause), None)
    return first or "none", (looks[-1] if looks else None) or "none"


def causes(results):
    def counted(all, expected):
        counts = collections.Counter(all).most_common()
        return ", ".join(cause + (f" ×{count}" if len(all) > 1 else "") for cause, count in counts), \
            f"{sum(cause == expected for cause in all)} of {len(all)}"
    lines, right = [], [0, 0, 0]
    for stream, runs in results.items():
        expected = runs[0]["stream"].cause or "none"
        first, last = zip(*map(named, runs))
        dated = [event["began"] - run["stream"].change for run in runs for event in run["found"]["hone"]["events"]
                 if run["stream"].change and event["detector"] == "Shiryaev-Roberts" and event["verdict"] == "drift"
                 and event["began"] is not None]
        lines.append([f"`{stream}`", expected, *counted(first, expected), *counted(last, expected),
                      ", ".join(f"{rows:+d}" for rows in dated)])
        right = [sum(pair) for pair in zip(right, (sum(one == expected for one in first), sum(one == expected for one in last),
                                                   len(runs)))]
    lines.append(["all", "", "", f"**{right[0]} of {right[2]}**", "", f"**{right[1]} of {right[2]}**", ""])
    return grid(["stream", "expected", "named at first", "right", "named at the end", "right",
                 "alarm's date, rows from the change"], lines)


def page(results):
    return "\n\n".join([summary(results), streams(results), delays(results), causes(results)]) + "\n"
