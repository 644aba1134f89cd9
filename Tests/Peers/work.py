"""The work that every side of the comparison does, and how it is cut into batches.

Throughput counts the tokens of the texts themselves; padding is a peer's own cost. Where this file
is run it writes a file of sentences: `work.py SENTIMENT_FOLDER COUNT > sentences.txt`.
"""

import argparse
import itertools
import json
import os
import pathlib
import sys

MAXIMUM_TOKENS = 256
BATCH = 32

# Settings of old BLAS builds would slow PyTorch down, and its hub is never asked.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")


def arguments(description, *extra):
    """Options common to all peers; `extra` are (name, keyword arguments) of one's own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--sentences", required=True, help="one sentence a line")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    for name, settings in extra:
        parser.add_argument(name, **settings)
    return parser.parse_args()


def encode(model, sentences):
    """The token ids of each line, in the order of the lines."""
    lines = pathlib.Path(sentences).read_text(encoding="utf-8").split("\n")
    return encode_texts(model, [line for line in lines if line.strip()])


def encode_texts(model, texts, maximum=MAXIMUM_TOKENS):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(f"{model}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(maximum)
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def batches(encoded, rows=BATCH):
    """Places in `encoded`, rows of like length together, the longest first."""
    order = sorted(range(len(encoded)), key=lambda place: -len(encoded[place]))
    return [order[start : start + rows] for start in range(0, len(order), rows)]


def padded(rows):
    """Ids and mask as arrays `[rows, longest]`."""
    import numpy

    longest = max(map(len, rows))
    ids = numpy.zeros((len(rows), longest), numpy.int64)
    mask = numpy.zeros((len(rows), longest), numpy.int64)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask


def pooled(hidden, mask):
    """The mean of the real tokens' hidden states, `[rows, width]`."""
    weights = mask[..., None].astype("float32")
    return (hidden * weights).sum(1) / weights.sum(1)


def tokens(rows):
    return sum(map(len, rows))


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    domains = ("movies", "tweets", "amazon", "news")
    texts = []
    for domain in domains:
        lines = (folder / f"{domain}.jsonl").read_text(encoding="utf-8").split("\n")
        texts.append([json.loads(line)["text"] for line in lines[: count // len(domains)]])
    print("\n".join(itertools.chain.from_iterable(zip(*texts))))


if __name__ == "__main__":
    main()
