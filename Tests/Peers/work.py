"""The work that both sides of the comparison do, and how it is cut into batches.

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


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--sentences", required=True, help="one sentence a line")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


def encode(model, sentences):
    """The token ids of each line, shortest first."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(f"{model}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAXIMUM_TOKENS)
    lines = [line for line in pathlib.Path(sentences).read_text(encoding="utf-8").split("\n") if line.strip()]
    return sorted((encoding.ids for encoding in tokenizer.encode_batch(lines)), key=len)


def batches(encoded, rows=BATCH):
    return [encoded[start : start + rows] for start in range(0, len(encoded), rows)]


def padded(batch):
    """Ids and mask as tensors `[rows, longest]`."""
    import torch

    longest = max(map(len, batch))
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.long)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return ids, mask


def tokens(batch_or_batches):
    return sum(len(row) for row in batch_or_batches)


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
