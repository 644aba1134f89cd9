"""Streams of labelled rows whose world changes: three segments each, and rows of each that nobody learns from."""

import collections
import json
import random

#: Rows of a segment, of what a model is tried on, and of what the first model learns from.
SEGMENT, TEST, FIRST = 1_200, 600, 5_000
SWAPPED = {"positive": "negative", "negative": "positive", "neutral": "neutral"}
#: Three of four negative reviews do not come any more.
RARE = {"negative": 0.25}

Segment = collections.namedtuple("Segment", "name domain labels keep", defaults=({}, {}))
Stream = collections.namedtuple("Stream", "first segments rows tests")

ORDERS = {
    "return": [Segment("movies", "movies"), Segment("tweets", "tweets"), Segment("movies again", "movies")],
    "onward": [Segment("movies", "movies"), Segment("tweets", "tweets"), Segment("news", "news")],
    "flip": [Segment("movies", "movies"), Segment("tweets", "tweets"),
             Segment("tweets, ± swapped", "tweets", SWAPPED)],
    "shares": [Segment("movies", "movies"), Segment("movies, few negative", "movies", {}, RARE),
               Segment("movies again", "movies")],
}


class Domain:
    """The rows of a domain in an order of the seed's; each is dealt out once."""

    def __init__(self, folder, name, seed):
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
        rows = {}
        for row in map(json.loads, filter(None, lines)):
            # One row a text: a row that was learned from can then never judge.
            rows[row["text"].casefold()] = {"text": " ".join(row["text"].split()), "label": row["label"]}
        self.name, self.rows = name, list(rows.values())
        self.chance = random.Random(f"{seed} {name}")
        self.chance.shuffle(self.rows)

    def deal(self, count, segment=None):
        dealt, left = [], []
        for row in self.rows:
            keep = segment.keep.get(row["label"], 1) if segment else 1
            if len(dealt) < count and (keep == 1 or self.chance.random() < keep):
                dealt.append(row)
            else:
                left.append(row)
        if len(dealt) < count:
            raise SystemExit(f"{self.name} has {len(dealt)} rows left, fewer than the {count} asked for")
        self.rows = left
        labels = segment.labels if segment else {}
        return [row | {"label": labels.get(row["label"], row["label"])} for row in dealt]


def stream(folder, order, seed, segment=SEGMENT, test=TEST, first=FIRST):
    """What the first model learns from, the segments, their rows one after another, and a test of each."""
    segments = ORDERS[order]
    domains = {one.domain: Domain(folder, one.domain, seed) for one in segments}
    home = domains[segments[0].domain]
    # Dealt first: streams of one seed share the first model.
    start = home.deal(first)
    rows, tests = [], {}
    for one in segments:
        rows += domains[one.domain].deal(segment, one)
        tests[one.name] = domains[one.domain].deal(test, one)
    return Stream(start, segments, rows, tests)


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
