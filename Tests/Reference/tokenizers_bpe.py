"""Writes the reference of BPE: small tokenizers trained on the sentiment files, and what Hugging Face's
`tokenizers` makes of 118,515 texts and of every Unicode scalar with them (bpe.json).

    ./Deploy/fetch-data.sh
    pip install tokenizers==0.23.3
    python Tests/Reference/tokenizers_bpe.py ~/.cache/hone

With the folder of GPT-2's own vocab.json and merges.txt as second argument, it writes the same for these,
and for RoBERTa's surroundings around them, to ~/.cache/hone/tokenizers, where the tests find it. PyPI has
the files:

    pip download --no-deps --no-binary :all: openai-whisper==20230124    # whisper/assets/gpt2/

Another run gives another small vocabulary for SentencePiece's kind: which of equally rare scalars `tokenizers`
leaves out of a limited alphabet is chance.
"""

import json
import pathlib
import shutil
import sys

import tokenizers_models as models
import tokenizers_parity as parity
from tokenizers import AddedToken, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, special=True)]


def gpt2(model, trims=True):
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=trims)
    return tokenizer


def roberta(model, prefix):
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(ROBERTA)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>")), add_prefix_space=prefix)
    return tokenizer


def train(tokenizer, texts, size, special, **options):
    tokenizer.train_from_iterator(
        texts, BpeTrainer(vocab_size=size, special_tokens=special, show_progress=False, **options))
    return tokenizer


def byte_level(texts, special):
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    return train(gpt2(BPE()), texts, 450, special, initial_alphabet=alphabet).model


def normalized(texts):
    """Normalized, digits apart, added tokens of the normalized text, a template around byte level."""
    tokenizer = Tokenizer(BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=True)])
    train(tokenizer, texts, 380, ["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.decoder = decoders.ByteLevel()
    end = ("<|endoftext|>", 0)
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.TemplateProcessing(single="<|endoftext|> $A", pair="<|endoftext|> $A $B:1", special_tokens=[end])])
    tokenizer.add_tokens([AddedToken("The", normalized=True),
                          AddedToken("w\u00f6rd", normalized=True, lstrip=True, rstrip=True)])
    return tokenizer


def sentence_piece(texts):
    """SentencePiece's BPE as Llama has it: spaces in disguise, no words, bytes for what is unknown."""
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer = Tokenizer(BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    train(tokenizer, texts, 450, tokens, limit_alphabet=70)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    file = json.loads(tokenizer.to_str()) | {"pre_tokenizer": None}
    file["added_tokens"] = [token for token in file["added_tokens"] if not token["content"].startswith("<0x")]
    with_bytes = Tokenizer.from_str(json.dumps(file))
    file["model"] |= {"byte_fallback": False}
    fused = Tokenizer.from_str(json.dumps(file))
    file["model"] |= {"fuse_unk": False}
    return with_bytes, fused, Tokenizer.from_str(json.dumps(file))


def small(data):
    texts = [text for name in parity.FILES for text in parity.read(data, name)[:1500]]
    one = gpt2(byte_level(texts, ["<|endoftext|>"]))
    one.add_special_tokens(["<|endoftext|>"])
    yield one, models.entry("gpt2", one, data, count=30, inserts=["<|endoftext|>"])
    two = roberta(byte_level(texts, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]), True)
    yield two, models.entry("roberta", two, data, count=30, inserts=["<mask>", "<s>", " <mask>"])
    three = normalized(texts)
    yield three, models.entry("normalized", three, data, ["tweets"], 24, ["The", "W\u00d6RD", "wo\u0308rd", "7"])
    for name, tokenizer in zip(["bytes", "fused", "unknown"], sentence_piece(texts)):
        yield tokenizer, models.entry(name, tokenizer, data, ["tweets"], 16, ["<s>", "</s>", "  "])


def real(data, folder):
    model = BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt"))
    one = gpt2(model)
    one.add_special_tokens(["<|endoftext|>"])
    models.write_folder(data, "gpt2", one, models.entry("gpt2", one, data, inserts=["<|endoftext|>"]))
    # The older files alone: offsets are not trimmed.
    bare = gpt2(model, trims=False)
    bare.add_special_tokens(["<|endoftext|>"])
    models.write_folder(data, "gpt2-files", None, models.entry("gpt2-files", bare, data, inserts=["<|endoftext|>"]))
    for name in ["vocab.json", "merges.txt"]:
        shutil.copy(folder / name, data / "tokenizers" / "gpt2-files" / name)
    for name, prefix in [("roberta", False), ("roberta-prefix", True)]:
        tokenizer = roberta(model, prefix)
        models.write_folder(data, name, tokenizer, models.entry(name, tokenizer, data, inserts=["<mask>", "<s>"]))


def main():
    data = pathlib.Path(sys.argv[1])
    models.write_fixture("bpe.json", "tokenizers_bpe.py", small(data))
    if len(sys.argv) > 2:
        real(data, pathlib.Path(sys.argv[2]))


main()
