"""Writes the reference of windows: what `truncation` with a stride, and `return_overflowing_tokens`, give in
Hugging Face's `tokenizers`, for MiniLM's WordPiece and for the byte-level tokenizer with trimmed offsets of
bpe.json (windows.json).

    ./Deploy/fetch-data.sh
    pip install tokenizers==0.23.3
    python Tests/Reference/tokenizers_windows.py ~/.cache/hone
"""

import json
import pathlib
import random
import sys

import tokenizers
import tokenizers_parity as parity


def window(e):
    return {"ids": e.ids, "types": e.type_ids, "offsets": [n for o in e.offsets for n in o],
            "words": [-1 if w is None else w for w in e.word_ids],
            "sequences": [-1 if s is None else s for s in e.sequence_ids]}


def cases(tokenizer, texts):
    rng = random.Random(11)
    while True:
        text = " ".join(rng.choice(texts).split(" ")[:rng.randrange(2, 40)])
        pair = " " * rng.randrange(3) + " ".join(rng.choice(texts).split(" ")[:40]) if rng.randrange(3) else None
        strategy = rng.choice(["longest_first", "only_first", "only_second"])
        maximum, stride = rng.randrange(8, 60), rng.choice([0, 1, 2, 5, 16])
        case = {"text": text, "pair": pair, "strategy": strategy, "maximumLength": maximum, "stride": stride}
        try:
            tokenizer.enable_truncation(maximum, stride=stride, strategy=strategy)
            e = tokenizer.encode(text, pair)
            windows = [window(w) for w in [e, *e.overflowing]]
        except KeyboardInterrupt:
            raise
        except BaseException:  # a text that is too short is an error there, a stride that is too long a panic
            windows = None
        yield case | {"windows": windows}


def main():
    data = pathlib.Path(sys.argv[1])
    models = json.loads((parity.FIXTURES / "bpe.json").read_text())["models"]
    roberta = next(model["file"] for model in models if model["name"] == "roberta")
    texts = [text for name in parity.FILES for text in parity.read(data, name)[:200]]
    result = {"writtenBy": "Tests/Reference/tokenizers_windows.py", "tokenizers": tokenizers.__version__}
    for name, tokenizer in [("minilm", tokenizers.Tokenizer.from_file(str(data / "minilm" / "tokenizer.json"))),
                            ("roberta", tokenizers.Tokenizer.from_str(roberta))]:
        tokenizer.no_padding()
        found = []
        for case in cases(tokenizer, texts):
            # Long overlaps give hundreds of windows that say nothing new.
            if len(case["windows"] or []) <= 8:
                found.append(case)
            if len(found) == 40:
                break
        result[name] = found
    (parity.FIXTURES / "windows.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


main()
