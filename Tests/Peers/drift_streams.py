"""The streams of the comparison of drift monitors: seeded rows, where they change, and why.

Each stream begins with 1,000 to 1,300 movie reviews like those that the model learned from. What a monitor
should say afterwards is written down here, before any of them runs: `cause` in the words of `hone report`, and
whether the change `hurts`, which is what an alarm on mistakes is for. Where this file is run it lists the streams:
`drift_streams.py [SENTIMENT_FOLDER] [SEED]`.
"""

import dataclasses
import json
import os
import pathlib
import random
import sys

LEARNED = 5_500  # movie rows that the model learns from and is judged on; the others are streamed
SENTIMENT = pathlib.Path(os.environ.get("HONE_DATA", pathlib.Path.home() / ".cache/hone")) / "sentiment"


@dataclasses.dataclass
class Stream:
    name: str
    about: str
    rows: list  # of (text, label)
    change: int | None = None  # the first row of the new law; None where nothing changes
    cause: str | None = None
    hurts: bool = False


class Pools:
    """Rows by domain, each text once, in an order that the seed gives."""

    def __init__(self, sentiment, seed):
        self.lot = random.Random(seed)
        seen, self.rows = set(), {}
        for domain in ("movies", "tweets", "amazon", "news"):
            lines = (sentiment / f"{domain}.jsonl").read_text(encoding="utf-8").split("\n")
            rows = [(row["text"], row["label"]) for row in map(json.loads, filter(None, lines))]
            self.rows[domain] = [row for row in rows if not (row[0].casefold() in seen or seen.add(row[0].casefold()))]
        # The files' order is that of a hash, the same for every seed: so is what the model learns from.
        self.learned, self.rows["movies"] = self.rows["movies"][:LEARNED], self.rows["movies"][LEARNED:]
        for rows in self.rows.values():
            self.lot.shuffle(rows)

    def take(self, domain, count, label=None):
        """The next rows of a domain, each given once."""
        rows = self.rows[domain]
        chosen = [row for row in rows if label in (None, row[1])][:count]
        if len(chosen) < count:
            raise ValueError(f"{domain} has {len(chosen)} rows of {label or 'any label'} left, not {count}")
        taken = set(chosen)
        self.rows[domain] = [row for row in rows if row not in taken]
        return chosen

    def mixed(self, **counts):
        """Movie rows with so many of each label, in a random order."""
        rows = [row for label, count in counts.items() for row in self.take("movies", count, label)]
        self.lot.shuffle(rows)
        return rows


def quiet(pools):
    return Stream("quiet", "movie reviews all along", pools.take("movies", 4_000))


def domain(name, title, hurts=True):
    def make(pools):
        before = settled(pools)
        return Stream(name, f"movie reviews, then {title}", before + pools.take(name, 1_500), len(before),
                      "covariateShift", hurts)
    return make


def settled(pools):
    """What comes before the change: no round number, so that no window of a peer fits it by chance."""
    return pools.take("movies", 1_000 + pools.lot.randrange(300))


def labels(pools):
    before = settled(pools)
    after = pools.mixed(neutral=180, negative=285, positive=285)
    return Stream("labels", "neutral reviews rise from 5 % to 24 %", before + after, len(before), "labelShift", True)


def mix(pools):
    before = settled(pools)
    after = pools.mixed(neutral=60, negative=1_140, positive=300)
    return Stream("mix", "negative reviews rise from 48 % to 76 %, which the model takes in its stride",
                  before + after, len(before), "labelShift")


def concept(pools):
    before, other = settled(pools), {"negative": "positive", "positive": "negative"}
    after = [(text, other.get(label, label) if pools.lot.random() < 0.3 else label)
             for text, label in pools.take("movies", 1_500)]
    return Stream("concept", "30 % of the reviews get the opposite label", before + after, len(before),
                  "conceptDrift", True)


def gradual(pools):
    before, tweets, movies = settled(pools), pools.take("tweets", 1_500), pools.take("movies", 1_000)
    after = [tweets.pop() if row >= 1_000 or pools.lot.random() < row / 1_000 else movies.pop() for row in range(1_500)]
    return Stream("gradual", "tweets rise from none to all within 1,000 rows", before + after, len(before),
                  "covariateShift", True)


def recurring(pools):
    before = settled(pools)
    after = [row for _ in range(3) for domain in ("tweets", "movies") for row in pools.take(domain, 300)]
    return Stream("recurring", "300 tweets, 300 reviews, and so on", before + after, len(before), "covariateShift", True)


def repeats(pools):
    """The same texts again and again: each text has one label, so Hone hears of it once."""
    before, few, fresh = settled(pools), pools.take("movies", 20), pools.take("movies", 1_500)
    after = [pools.lot.choice(few) if pools.lot.random() < 0.6 else fresh.pop() for _ in range(1_500)]
    return Stream("repeats", "60 % of the requests are one of 20 texts", before + after, len(before), "dataFault")


def copies(pools):
    before, few, fresh = settled(pools), pools.take("movies", 20), pools.take("movies", 1_500)

    def copy(row):
        text, label = pools.lot.choice(few)
        return text + " " + "".join(pools.lot.choices(".!?-*", k=8)), label
    after = [copy(row) if pools.lot.random() < 0.6 else fresh.pop() for row in range(1_500)]
    return Stream("copies", "60 % are one of 20 texts with other punctuation", before + after, len(before), "dataFault")


def garbage(pools):
    """The bytes of UTF-8 read as UTF-16: what a wrong guess of a file's encoding gives."""
    before = settled(pools)

    def broken(text):
        return text.encode().decode("utf-16-le", errors="replace")
    after = [(broken(text) if pools.lot.random() < 0.4 else text, label) for text, label in pools.take("movies", 1_500)]
    return Stream("garbage", "40 % of the texts come in a wrong encoding", before + after, len(before), "dataFault", True)


def cut(pools):
    """A column that became too narrow; two texts that are one once they are cut have one row."""
    before, rows, seen = settled(pools), pools.take("movies", 1_500), set()
    after = [(text[:20], label) for text, label in rows if not (text[:20] in seen or seen.add(text[:20]))]
    return Stream("cut", "texts end after 20 characters", before + after, len(before), "dataFault", True)


MAKERS = {
    "quiet": quiet, "tweets": domain("tweets", "tweets"), "amazon": domain("amazon", "product reviews"),
    "news": domain("news", "newspaper sentences"), "labels": labels, "mix": mix, "concept": concept,
    "gradual": gradual, "recurring": recurring, "repeats": repeats, "copies": copies, "garbage": garbage, "cut": cut,
}


def stream(name, seed, sentiment=SENTIMENT):
    """The same name and seed give the same rows."""
    return MAKERS[name](Pools(sentiment, f"{name}/{seed}"))


def learned(sentiment=SENTIMENT):
    """The rows that the model learns from and is judged on, whatever the seed."""
    return Pools(sentiment, 0).learned


def main():
    sentiment = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else SENTIMENT
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for name in MAKERS:
        made = stream(name, seed, sentiment)
        print(f"{made.name:10} {len(made.rows):5} rows, change at {made.change}, {made.cause or 'no cause'}"
              f"{', hurts' if made.hurts else ''}: {made.about}")


if __name__ == "__main__":
    main()
