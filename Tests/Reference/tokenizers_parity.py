"""Writes the references of the tokenizer: what Hugging Face's `tokenizers` makes of hostile texts
(hostile.json, ids and offsets), and a checksum of what it makes of 118,515 texts and of every Unicode
scalar (parity.json).

    ./Deploy/fetch-data.sh
    pip install tokenizers==0.23.3
    python Tests/Reference/tokenizers_parity.py ~/.cache/hone

The texts are the four sentiment files in five variants; `ParityTests.swift` makes the same ones:
0 the text; 1 its ASCII letters raised; 2 the text and the next one of its file, without a space between;
3 four hostile scalars put in; 4 every eighth scalar replaced by a hostile one.
Random numbers are SplitMix64, seeded with 10 × line + variant.
"""

import json
import os
import pathlib
import random
import sys

os.environ["TOKENIZERS_PARALLELISM"] = "false"
import tokenizers  # noqa: E402

MASK = (1 << 64) - 1
FILES = ["movies", "tweets", "amazon", "news"]
FIXTURES = pathlib.Path(__file__).parent.parent / "TokenizersTests" / "Fixtures"

# What breaks tokenizers: controls, white space of all kinds, marks that combine and change places,
# letters that fold, ideographs, syllables that decompose, joiners, directions, tags, and scalars that mean nothing.
HOSTILE = [
    0x00, 0x01, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B, 0x1C, 0x1F, 0x20, 0x27, 0x5B, 0x5D, 0x7F, 0x80, 0x85,
    0xA0, 0xAD, 0xB7, 0xBF, 0xC0, 0xDF, 0xE9, 0xFC, 0x130, 0x131, 0x149, 0x17F, 0x1C5, 0x300, 0x301, 0x308,
    0x327, 0x345, 0x370, 0x3A3, 0x3C2, 0x410, 0x451, 0x483, 0x5B0, 0x5D0, 0x600, 0x61C, 0x627, 0x64B, 0x660,
    0x8D4, 0x1B44, 0x302E, 0x302F, 0x1D15E, 0x1D165, 0x1D16D,
    0x6DD, 0x70F, 0x903, 0x915, 0x93C, 0x94D, 0x958, 0xE01, 0xE33, 0xF43, 0x1100, 0x1161, 0x11A8, 0x1680,
    0x166D, 0x1734, 0x180B, 0x180E, 0x1885, 0x1E9B, 0x1E9E, 0x1F71, 0x1FB3, 0x2000, 0x200B, 0x200C, 0x200D,
    0x200E, 0x200F, 0x2013, 0x2019, 0x201C, 0x2026, 0x2028, 0x2029, 0x202E, 0x202F, 0x205F, 0x2060, 0x20AC,
    0x20DD, 0x20E3, 0x2126, 0x212A, 0x212B, 0x2160, 0x24B6, 0x2603, 0x3000, 0x3002, 0x3042, 0x304C,
    0x3099, 0x30AC, 0x3400, 0x4E2D, 0x9FFF, 0xA640, 0xAC00, 0xD7A3, 0xE000, 0xF8FF, 0xF900, 0xFA0E, 0xFB01,
    0xFB1D, 0xFDD0, 0xFE0F, 0xFEFF, 0xFF01, 0xFF21, 0xFF3B, 0xFFF9, 0xFFFD, 0xFFFF, 0x10400, 0x1D400,
    0x1F1E9, 0x1F1EA, 0x1F468, 0x1F3FD, 0x1F600, 0x20000, 0x2A6DF, 0x2B81F, 0x2F800, 0x30000, 0xE0001, 0xE0100,
    0xF0000, 0x10FFFF,
]


class SplitMix64:
    def __init__(self, seed):
        self.state = seed & MASK

    def __call__(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % bound


def raised(text):
    return "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in text)


def variant(texts, line, number):
    text = texts[line]
    rng = SplitMix64(10 * line + number)
    if number == 1:
        return raised(text)
    if number == 2:
        return text + texts[(line + 1) % len(texts)]
    scalars = list(text)
    if number == 3:
        for _ in range(4):
            scalars.insert(rng(len(scalars) + 1), chr(HOSTILE[rng(len(HOSTILE))]))
    if number == 4:
        for i in range(0, len(scalars), 8):
            scalars[i] = chr(HOSTILE[rng(len(HOSTILE))])
    return "".join(scalars)


def checksum(encodings):
    """FNV-1a, number by number: ids, offsets, numbers of words (one more, and 0 for none), count of tokens."""
    value = 0xCBF29CE484222325
    for encoding in encodings:
        for number in encoding.ids:
            value = ((value ^ number) * 0x100000001B3) & MASK
        for start, end in encoding.offsets:
            value = ((value ^ start) * 0x100000001B3) & MASK
            value = ((value ^ end) * 0x100000001B3) & MASK
        for word in encoding.word_ids:
            value = ((value ^ (0 if word is None else word + 1)) * 0x100000001B3) & MASK
        value = ((value ^ len(encoding.ids)) * 0x100000001B3) & MASK
    return f"{value:016x}"


def blocks(tokenizer, texts):
    encoded = (tokenizer.encode_batch(texts[i:i + 1000]) for i in range(0, len(texts), 1000))
    return [checksum(block) for block in encoded]


def every_scalar():
    """64 neighbours a text, each a word with a letter before and after."""
    for start in range(0, 0x110000, 64):
        if not 0xD800 <= start < 0xE000:
            yield "".join(f"b{chr(start + i)}b " for i in range(64))


def hostile_texts():
    rng = random.Random(20)
    yield from ["", " ", "\n", "\r\n", "\0", "\ufffd", "\u200b", "\u0301", "[CLS]", "[SEP][MASK]", "x[UNK]y",
                "[ SEP ]", "[sep]", "[CLS", "CLS]", "[[MASK]]", "a" * 100, "a" * 101, "é" * 100, "é" * 101,
                "e\u0301" * 60, "\u4e2d" * 120, "\U0001F468\u200d\U0001F469\u200d\U0001F467", "don't", "naïve café",
                "שָׁלוֹם", "مرحبا", "한국어", "\u1112\u1161\u11ab", "が", "か\u3099", "ﬁne", "İstanbul", "ΣΊΣΥΦΟΣ",
                "STRASSE straße", "\u1E9E", "a\u00adb", "unaffable", "antidisestablishmentarianism", "$1,234.56"]
    words = ["the", "Unbelievable", "film", "re-opened", "don't", "[SEP]", "été", "中文", "ab", "", "NAÏVE", "x" * 99]
    while True:
        parts = []
        for _ in range(rng.randrange(1, 6)):
            parts.append(rng.choice(words))
            parts.extend(chr(rng.choice(HOSTILE)) for _ in range(rng.randrange(4)))
        yield "".join(parts)


def read(data, name):
    rows = (data / "sentiment" / f"{name}.jsonl").read_text().split("\n")
    return [json.loads(row)["text"] for row in rows if row]


def cases(tokenizer):
    texts = hostile_texts()
    for number in range(500):
        text = next(texts)
        pair = next(texts) if number >= 400 else None
        limit = 3 + number % 29 if number >= 300 else None
        # Without truncation every token is there: what is cut is what is left out.
        tokenizer.no_truncation()
        whole = len(tokenizer.encode(text, pair))
        if limit:
            tokenizer.enable_truncation(limit)
        e = tokenizer.encode(text, pair)
        case = {"text": text, "ids": e.ids, "offsets": [n for o in e.offsets for n in o],
                "isTruncated": len(e.ids) < whole}
        if pair is not None:
            case |= {"pair": pair, "typeIDs": e.type_ids}
        if limit:
            case["maximumLength"] = limit
        yield case


def main():
    data = pathlib.Path(sys.argv[1])
    tokenizer = tokenizers.Tokenizer.from_file(str(data / "minilm" / "tokenizer.json"))
    tokenizer.no_padding()
    FIXTURES.mkdir(exist_ok=True)
    head = {"writtenBy": "Tests/Reference/tokenizers_parity.py", "tokenizers": tokenizers.__version__}
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases(tokenizer))
    head_text = json.dumps(head)[:-1]
    (FIXTURES / "hostile.json").write_text(f'{head_text}, "cases": [\n{lines}\n]}}\n')
    tokenizer.no_truncation()
    files = {}
    for name in FILES:
        texts = read(data, name)
        files[name] = [blocks(tokenizer, [variant(texts, i, n) for i in range(len(texts))]) for n in range(5)]
    parity = head | {"hostile": HOSTILE, "files": files, "scalars": blocks(tokenizer, list(every_scalar()))}
    (FIXTURES / "parity.json").write_text(json.dumps(parity, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
