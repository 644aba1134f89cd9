"""What the references of whole tokenizers have in common (tokenizers_bpe.py, tokenizers_unigram.py): a
tokenizer with checksums of what Hugging Face's `tokenizers` makes of the texts of tokenizers_parity.py and
of every Unicode scalar, and with hostile texts in full."""

import json
import pathlib

import tokenizers

import tokenizers_parity as parity


def whole(tokenizer):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def cases(tokenizer, count, inserts):
    """Hostile texts with the tokens of the file in them, and pairs."""
    rng = parity.random.Random(7)
    source = parity.hostile_texts()
    for number in range(count):
        text = next(source)
        for _ in range(rng.randrange(3) if inserts else 0):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice([" ", "", "x", "\t "]) + rng.choice(inserts) + text[at:]
        e = tokenizer.encode(text)
        case = {"text": text, "ids": e.ids, "offsets": [n for o in e.offsets for n in o],
                "words": [-1 if w is None else w for w in e.word_ids],
                "decoded": tokenizer.decode(e.ids), "decodedWhole": tokenizer.decode(e.ids, skip_special_tokens=False)}
        if number % 4 == 3:
            pair = next(source)
            e = tokenizer.encode(text, pair)
            case["pair"] = {"text": pair, "ids": e.ids, "types": e.type_ids,
                            "sequences": [-1 if s is None else s for s in e.sequence_ids],
                            "offsets": [n for o in e.offsets for n in o]}
        yield case


def entry(name, tokenizer, data, files=parity.FILES, count=60, inserts=()):
    tokenizer = whole(tokenizer)
    result = {"name": name, "files": {}}
    for file in files:
        texts = parity.read(data, file)
        result["files"][file] = [
            parity.blocks(tokenizer, [parity.variant(texts, i, n) for i in range(len(texts))]) for n in range(5)]
    result["scalars"] = parity.blocks(tokenizer, list(parity.every_scalar()))
    result["cases"] = list(cases(tokenizer, count, inserts))
    return result


def write_fixture(fixture, script, entries):
    """One file: each entry with its tokenizer.json as text."""
    head = {"writtenBy": f"Tests/Reference/{script}", "tokenizers": tokenizers.__version__,
            "hostile": parity.HOSTILE}
    compact = {"separators": (",", ":")}
    body = ",\n".join(
        json.dumps({"file": json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, **compact)} | item,
                   ensure_ascii=False, **compact) for tokenizer, item in entries)
    (parity.FIXTURES / fixture).write_text(f'{json.dumps(head, **compact)[:-1]},"models":[\n{body}\n]}}\n')


def write_folder(data, name, tokenizer, item):
    """A tokenizer that is too large for a fixture, where the tests find it."""
    folder = pathlib.Path(data) / "tokenizers" / name
    folder.mkdir(parents=True, exist_ok=True)
    if tokenizer is not None:
        tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "parity.json").write_text(
        json.dumps({"hostile": parity.HOSTILE} | item, separators=(",", ":")) + "\n")
