"""Writes the reference of added tokens: what Hugging Face's `tokenizers` makes of hostile texts when a
tokenizer.json sets lstrip, rstrip, single_word and normalized, for normalizers of all kinds
(added-tokens.json: the files themselves, and ids and offsets of each text).

    pip install tokenizers==0.23.3
    python Tests/Reference/tokenizers_added_tokens.py

Not asked: tokens of which normalization leaves nothing. `tokenizers` finds them between all characters.
"""

import json
import pathlib
import random
import string

import tokenizers

FIXTURE = pathlib.Path(__file__).parent.parent / "TokenizersTests" / "Fixtures" / "added-tokens.json"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

# Marks that are not stripped and have a place in canonical order (U+302E, U+1B44, U+1D165, U+8D4), marks that
# are stripped, letters that decompose, fold and expand, ideographs, white space and controls of all kinds.
PIECES = [
    " ", " ", "  ", "\t", "\n", "\u00a0", "\u2003", "\u3000", "\x0b", "\x1c", "\x85", "\u200b", "\u200d", "\x00",
    "a", "b", "ab", "A", "\u00e9", "e\u0301", "\u00c9", "\u0130", "\u1e9e", "\ufb01", "_", "1", "\u0661", "-", ".",
    "'", "\u2019", "\u4e2d", "\uf900", "\u304c", "\uac00", "\u0301", "\u0323", "\u0903", "\u302e", "\u302f", "\u1b44",
    "\U0001d165", "\U0001d16d", "\U0001d15e", "\u08d4", "\u20dd", "\u0f73", "\U0001f600", "\ufeff", "\u03a3", "\u0345",
]

# (content, flags): l, r strip on the left and right; w single word; n normalized; s special.
TOKENS = [
    ("[X]", ""), ("[L]", "l"), ("[R]", "r"), ("[B]", "lr"), ("[W]", "w"), ("[S]", "s"), ("[LW]", "lw"),
    ("tok", "w"), ("tokens", ""), ("NEW", "n"), ("Neu\u00e9", "nlr"), ("word", "nw"), ("\u4e2d\u56fd", "n"),
    ("<\u00c9>", "n"), ("<\u00c9>x", ""), (" gap", "n"), (" raw ", ""), ("aa", "n"), ("aab", "nr"), ("\u0130q", "n"),
    ("\u4e2d", "w"), ("-", "nl"), ("e\u0301\u0323z", "n"),
]

NORMALIZERS = [
    {"clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
    {"clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": False},
    {"clean_text": False, "handle_chinese_chars": False, "strip_accents": True, "lowercase": False},
    {"clean_text": False, "handle_chinese_chars": True, "strip_accents": False, "lowercase": True},
]


def vocabulary():
    letters = string.ascii_letters + string.digits + "\u00e9\u00df\u03c3\u03a3\u302e\u4e2d\u304b"
    tokens = SPECIAL + list(letters) + [f"##{c}" for c in letters] + list("[]<>-.'_\u2019") + ["\u56fd"]
    return {token: i for i, token in enumerate(tokens)}


def model(normalizer, tokens):
    vocab = vocabulary()
    added = [{"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for i, token in enumerate(SPECIAL)]
    added += [{"id": vocab.get(content, len(vocab) + i), "content": content, "single_word": "w" in flags,
               "lstrip": "l" in flags, "rstrip": "r" in flags, "normalized": "n" in flags, "special": "s" in flags}
              for i, (content, flags) in enumerate(tokens)]
    # `tokenizers` numbers new tokens by itself, in this order.
    number = len(vocab)
    for token in added[len(SPECIAL):]:
        if token["content"] not in vocab:
            token["id"] = number
            number += 1
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "BertNormalizer"} | normalizer, "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocab},
    }


def texts(rng, tokens):
    contents = [content for content, _ in tokens]
    yield from ["", " ", *(f" {c} x{c}x" for c in contents)]
    while True:
        parts = []
        for _ in range(rng.randrange(1, 9)):
            token = rng.choice(contents + SPECIAL)
            parts.append(rng.choice([token, token.lower(), token.upper(), token * 2, token[:-1], "x"]))
            parts.extend(rng.choice(PIECES) for _ in range(rng.randrange(4)))
        yield "".join(parts)


def main():
    rng = random.Random(20)
    models = []
    for normalizer in NORMALIZERS:
        # All tokens, tokens of the raw text alone, and none: each finds its own way through the text.
        for tokens in [TOKENS, [t for t in TOKENS if "n" not in t[1]], []]:
            file = model(normalizer, tokens)
            tokenizer = tokenizers.Tokenizer.from_str(json.dumps(file))
            cases, source = [], texts(rng, tokens or TOKENS)
            for _ in range(90):
                text = next(source)
                e = tokenizer.encode(text)
                cases.append({"text": text, "ids": e.ids, "offsets": [n for o in e.offsets for n in o]})
            models.append((file, cases))
    head = json.dumps({"writtenBy": "Tests/Reference/tokenizers_added_tokens.py",
                       "tokenizers": tokenizers.__version__})[:-1]
    compact = {"separators": (",", ":")}
    body = ",\n".join(
        f'{{"file": {json.dumps(file, **compact)}, "cases": [\n'
        + ",\n".join(json.dumps(case, **compact) for case in cases) + "\n]}" for file, cases in models)
    FIXTURE.write_text(f'{head}, "models": [\n{body}\n]}}\n')


main()
