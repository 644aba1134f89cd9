"""Writes the reference of Unigram: small tokenizers in the surroundings of XLM-R, T5 and ALBERT, and what
Hugging Face's `tokenizers` makes of 118,515 texts and of every Unicode scalar with them (unigram.json).

    ./Deploy/fetch-data.sh
    pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    python Tests/Reference/tokenizers_unigram.py ~/.cache/hone

The vocabulary is trained by SentencePiece, with character maps of its own making: a small one from rules that
are chosen here, and, with `--real` as second argument, those of nmt_nfkc and nmt_nfkc_cf, written to
~/.cache/hone/tokenizers, where the tests find them.
"""

import os
import pathlib
import sys
import tempfile
import unicodedata

import sentencepiece
import tokenizers_models as models
import tokenizers_parity as parity
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors, trainers
from tokenizers.models import Unigram

EXTRA = ["\u017elu\u0165ou\u010dk\u00fd k\u016f\u0148 \u00fap\u011bl \u010f\u00e1belsk\u00e9 \u00f3dy",
         "na\u00efve caf\u00e9 \ufb01ne \u00bd \u2122 \u2160 \u338f", "\u65e5\u672c\u8a9e\u306e\u6587",
         "\ud55c\uad6d\uc5b4 \ubb38\uc7a5", "\u041f\u0440\u0438\u0432\u0435\u0442 \u0401\u043b\u043a\u0430",
         "\u0645\u0631\u062d\u0628\u0627", "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3"] * 40


def rules():
    """A few rules of nmt_nfkc: controls go, spaces are one, what is compatible is composed; also of two and
    three scalars, and of CR LF, which is one cluster."""
    table = {}
    for value in parity.HOSTILE + list(range(0xA0, 0x100)) + list(range(0xFF01, 0xFF5F)):
        source = chr(value)
        target = unicodedata.normalize("NFKC", source)
        if target != source:
            table[source] = target
    for base in "aeiouAEIOU":
        for mark in "\u0300\u0301\u0308\u0327":
            if len(unicodedata.normalize("NFKC", base + mark)) == 1:
                table[base + mark] = unicodedata.normalize("NFKC", base + mark)
    table["e\u0302\u0301"] = "\u1ebf"
    for value in [*range(1, 9), 0x0B, *range(0x0E, 0x20), 0x7F, 0xAD]:
        table[chr(value)] = ""
    for space in ["\t", "\n", "\r", "\x0c", "\u1680", "\u200b", "\u200e", "\u2028", "\u3000", "\ufeff", "\ufffd"]:
        table[space] = " "
    hexadecimal = lambda text: " ".join(f"{ord(c):X}" for c in text)  # noqa: E731
    return "".join(f"{hexadecimal(source)}\t{hexadecimal(target)}\n" for source, target in sorted(table.items()))


def sentence_piece(texts, size, **options):
    """A model of SentencePiece: its tokens with their scores, and its character map."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = os.path.join(folder, "corpus")
        with open(corpus, "w") as file:
            file.write("\n".join(" ".join(text.split()) for text in texts + EXTRA))
        if "normalization_rule_tsv" in options:
            path = os.path.join(folder, "rules.tsv")
            with open(path, "w") as file:
                file.write(options["normalization_rule_tsv"])
            options["normalization_rule_tsv"] = path
        prefix = os.path.join(folder, "model")
        sentencepiece.SentencePieceTrainer.train(
            input=corpus, model_prefix=prefix, vocab_size=size, model_type="unigram", character_coverage=0.999,
            num_threads=1, minloglevel=2, **options)
        model = sentencepiece_model_pb2.ModelProto()
        model.ParseFromString(pathlib.Path(prefix + ".model").read_bytes())
    return ([(piece.piece, piece.score) for piece in model.pieces][3:], model.normalizer_spec.precompiled_charsmap)


def unigram(vocabulary, unknown, normalizer, pre_tokenizer, single, pair, special, added, fallback=False):
    tokenizer = Tokenizer(Unigram(vocabulary, unknown, fallback))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([token for token in added if not (isinstance(token, AddedToken) and token.normalized)])
    tokenizer.add_tokens([token for token in added if isinstance(token, AddedToken) and token.normalized])
    if special:
        tokenizer.post_processor = processors.TemplateProcessing(single=single, pair=pair, special_tokens=special)
    return tokenizer


def xlmr(tokens, charsmap):
    head = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    return unigram(
        head + tokens + [("<mask>", 0.0)], 3, normalizers.Precompiled(charsmap),
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]),
        "<s> $A </s>", "<s> $A </s> </s> $B </s>", [("<s>", 0), ("</s>", 2)],
        ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, special=True, normalized=False)])


def t5(tokens, charsmap, scheme):
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    return unigram(
        [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + tokens, 2,
        normalizers.Sequence([normalizers.Precompiled(charsmap), spaces]),
        pre_tokenizers.Metaspace(prepend_scheme=scheme), "$A </s>", "$A </s> $B </s>", [("</s>", 1)],
        ["<pad>", "</s>", "<unk>", "<extra_id_0>"])


def albert(tokens, charsmap):
    steps = [normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(),
             normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Precompiled(charsmap),
             normalizers.Replace(Regex(" {2,}"), " ")]
    return unigram(
        [("<pad>", 0.0), ("<unk>", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0)] + tokens, 1, normalizers.Sequence(steps),
        pre_tokenizers.Metaspace(), "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", [("[CLS]", 2), ("[SEP]", 3)],
        ["[CLS]", "[SEP]", AddedToken("Hello", normalized=True)])


def with_bytes(tokens):
    head = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    return unigram(
        head + tokens + [(f"<0x{byte:02X}>", -20.0) for byte in range(256)], 2,
        normalizers.Sequence([normalizers.NFKC(), normalizers.Strip()]),
        pre_tokenizers.Metaspace(prepend_scheme="never"), None, None, None, ["</s>"], fallback=True)


def steps(tokens):
    """Every other step, one after the other."""
    names = [normalizers.NFD(), normalizers.StripAccents(), normalizers.Nmt(), normalizers.Strip(),
             normalizers.Prepend("ab"), normalizers.Lowercase(), normalizers.Replace(Regex("\\d+"), "0"),
             normalizers.NFC()]
    return unigram(
        [("<unk>", 0.0)] + tokens, 0, normalizers.Sequence(names),
        pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Metaspace(split=False)]),
        None, None, None, ["<unk>"])


def trained(texts):
    """By the trainer of `tokenizers`, without a character map."""
    tokenizer = Tokenizer(Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(texts, trainers.UnigramTrainer(
        vocab_size=350, special_tokens=["<unk>", "</s>"], unk_token="<unk>", show_progress=False))
    return tokenizer


def small(data, texts):
    tokens, charsmap = sentence_piece(texts, 450, normalization_rule_tsv=rules())
    every = ["  ", "\r\n", "e\u0302\u0301", "\u00ad", "\ufb01"]
    for name, tokenizer, files, inserts in [
        ("xlmr", xlmr(tokens, charsmap), parity.FILES, ["<mask>", "<s>"]),
        ("t5", t5(tokens, charsmap, "first"), ["tweets", "movies"], ["</s>", "<extra_id_0>"]),
        ("albert", albert(tokens, charsmap), ["tweets"], ["Hello", "HELLO", "[SEP]", "``", "''"]),
        ("bytes", with_bytes(tokens), ["tweets"], ["</s>"]),
        ("steps", steps(tokens), ["tweets"], ["123", "<unk>"]),
        ("trained", trained(texts), ["tweets"], ["<unk>"]),
    ]:
        yield tokenizer, models.entry(name, tokenizer, data, files, 24, inserts + every)


def main():
    data = pathlib.Path(sys.argv[1])
    texts = [text for name in parity.FILES for text in parity.read(data, name)[:1500]]
    models.write_fixture("unigram.json", "tokenizers_unigram.py", small(data, texts))
    if "--real" in sys.argv:
        for rule in ["nmt_nfkc", "nmt_nfkc_cf"]:
            tokens, charsmap = sentence_piece(texts, 4000, normalization_rule_name=rule)
            for name, tokenizer in [("xlmr", xlmr(tokens, charsmap)), ("t5", t5(tokens, charsmap, "always")),
                                    ("albert", albert(tokens, charsmap))]:
                item = models.entry(f"{name}-{rule}", tokenizer, data, inserts=["<mask>", "</s>"])
                models.write_folder(data, f"{name}-{rule}", tokenizer, item)


main()
