"""Writes the reference of trainers: the vocabularies that `BpeTrainer` and `WordPieceTrainer` of Hugging Face's
`tokenizers` learn from the sentiment files (training.json). Small ones as whole files, as `tokenizers` saves
them; large ones, of all lines in three variants (tokenizers_parity.py), as checksums.

    ./Deploy/fetch-data.sh
    pip install tokenizers==0.23.3
    python Tests/Reference/tokenizers_training.py ~/.cache/hone

`WordPieceTrainer` numbers symbols such as ##a in the order of a hash table, another one in each run, and
breaks ties by these numbers. Here they are given to it as special tokens, by code point, which is the order
same.
"""

import json
import pathlib
import sys

import tokenizers
import tokenizers_parity as parity
from tokenizers import AddedToken, Tokenizer, decoders, normalizers, pre_tokenizers, processors, trainers
from tokenizers.models import BPE, WordPiece

BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def checksum(strings):
    """FNV-1a over UTF-8, a zero behind each."""
    value = 0xCBF29CE484222325
    for string in strings:
        for byte in string.encode() + b"\0":
            value = ((value ^ byte) * 0x100000001B3) & parity.MASK
    return f"{value:016x}"


def byte_level(lines, style, prefix, size, minimum):
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=prefix)
    special = ["<|endoftext|>"] if style == "gpt2" else ROBERTA
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=size, min_frequency=minimum, special_tokens=special, initial_alphabet=alphabet,
        show_progress=False))
    if style == "gpt2":
        tokenizer.post_processor = processors.ByteLevel(add_prefix_space=prefix)
    else:
        tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=prefix)
    return tokenizer


def bert(lowercase):
    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def frequencies(tokenizer, lines):
    """Of scalars, and which of them continue a word."""
    counts, inner = {}, set()
    for line in lines:
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(line)):
            for scalar in word:
                counts[scalar] = counts.get(scalar, 0) + 1
            inner.update(word[1:])
    return counts, inner


def word_piece(lines, lowercase, size, minimum, share):
    tokenizer = bert(lowercase)
    counts, inner = frequencies(tokenizer, lines)
    limit = None
    if share < 1:
        # Where no rarer scalar is as frequent as the last that stays.
        order = sorted(counts.values(), reverse=True)
        limit = next(n for n in range(int(len(order) * share), len(order)) if order[n - 1] > order[n])
        inner = {scalar for scalar in inner if counts[scalar] > order[limit]}
    special = BERT + sorted("##" + scalar for scalar in inner)
    options = {} if limit is None else {"limit_alphabet": limit}
    tokenizer.train_from_iterator(lines, trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=minimum, special_tokens=special, show_progress=False, **options))
    file = json.loads(tokenizer.to_str())
    file["added_tokens"] = [token for token in file["added_tokens"] if token["content"] in BERT]
    tokenizer = Tokenizer.from_str(json.dumps(file))
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends)
    return tokenizer, limit, special[len(BERT):]


def tokens(tokenizer):
    return [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]


def merges(tokenizer):
    return [f"{a} {b}" for a, b in json.loads(tokenizer.to_str())["model"]["merges"]]


def main():
    data = pathlib.Path(sys.argv[1])
    texts = {name: parity.read(data, name) for name in parity.FILES}
    few = [text for name in parity.FILES for text in texts[name][:400]]
    large = [parity.variant(texts[name], i, number)
             for name in parity.FILES for number in [0, 3, 4] for i in range(len(texts[name]))]
    plain = [text for name in parity.FILES for text in texts[name]]
    result = {"writtenBy": "Tests/Reference/tokenizers_training.py", "tokenizers": tokenizers.__version__,
              "hostile": parity.HOSTILE, "byteLevel": [], "wordPiece": [], "large": {}}
    for style, prefix, size, minimum in [("gpt2", False, 450, 0), ("roberta", True, 420, 5)]:
        file = byte_level(few, style, prefix, size, minimum).to_str()
        result["byteLevel"].append({"style": style, "addsPrefixSpace": prefix, "vocabularySize": size,
                                    "minimumFrequency": minimum, "file": file})
    for lowercase, size, minimum, share in [(True, 500, 2, 1), (False, 400, 0, 0.6)]:
        tokenizer, limit, symbols = word_piece(few, lowercase, size, minimum, share)
        result["wordPiece"].append({"lowercases": lowercase, "vocabularySize": size, "minimumFrequency": minimum,
                                    "alphabetLimit": limit, "symbols": symbols, "file": tokenizer.to_str()})
    tokenizer = byte_level(large, "gpt2", False, 5000, 2)
    result["large"]["byteLevel"] = {"tokens": checksum(tokens(tokenizer)), "merges": checksum(merges(tokenizer)),
                                    "lines": len(large), "vocabularySize": 5000, "minimumFrequency": 2}
    tokenizer, _, symbols = word_piece(plain, True, 5000, 2, 1)
    result["large"]["wordPiece"] = {"tokens": checksum(tokens(tokenizer)), "symbols": symbols, "lines": len(plain),
                                    "vocabularySize": 5000, "minimumFrequency": 2}
    (parity.FIXTURES / "training.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


main()
