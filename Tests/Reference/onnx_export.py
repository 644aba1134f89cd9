"""Lets ONNX Runtime run what `hone export --format onnx` writes, and compares what comes out.

    python onnx_export.py HONE FOLDER_OF_MINILM ../TransformersTests/Fixtures [--large]

For every tiny model of the fixtures and for MiniLM, with its mean-pooled head and without: the file passes
`onnx.checker`, and a batch of texts of different lengths gives the logits that PyTorch gave (the references
beside the models) and the probabilities that `hone predict` gives. The SHA-256 of each file that passed goes
into `onnx.json`, which the tests of Hone compare with what they write. `--large` does the same for a model
above 2 GB, whose weights lie in a file beside.
"""
import argparse
import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file, save_file
from tokenizers import BertWordPieceTokenizer, Tokenizer

TOLERANCE = 1e-4
FAMILIES = ["distilbert", "electra", "mpnet", "roberta", "xlm-roberta"]
HEADS = ["multi-label-classification", "question-answering", "scoring", "token-classification"]
TEXTS = ["a good film", "bad", "the film was not very good , .", "unheard of, was the film . . . . ."]


class Export:
    """A model folder, and what Hone wrote of it."""

    def __init__(self, hone, source, target):
        self.hone, self.source = hone, source
        subprocess.run([hone, "export", source, target, "--format", "onnx"], check=True, stdout=subprocess.DEVNULL)
        self.file = target / "model.onnx"
        self.config = json.loads((target / "config.json").read_text(encoding="utf-8"))
        onnx.checker.check_model(str(self.file), full_check=True)
        self.session = onnxruntime.InferenceSession(str(self.file), providers=["CPUExecutionProvider"])

    def run(self, rows, types=None):
        """All outputs by name, for rows of token ids of different lengths."""
        longest = max(map(len, rows))
        fill = self.config.get("pad_token_id") or 0

        def padded(rows, value):
            return np.array([row + [value] * (longest - len(row)) for row in rows], dtype=np.int64)

        inputs = {
            "input_ids": padded(rows, fill),
            "attention_mask": padded([[1] * len(row) for row in rows], 0),
            "token_type_ids": padded(types or [[0] * len(row) for row in rows], 0),
        }
        asked = {port.name for port in self.session.get_inputs()}
        names = [port.name for port in self.session.get_outputs()]
        return dict(zip(names, self.session.run(None, {name: inputs[name] for name in asked})))

    def encoded(self, texts):
        if (self.source / "tokenizer.json").exists():
            tokenizer = Tokenizer.from_file(str(self.source / "tokenizer.json"))
            tokenizer.no_padding()
            tokenizer.enable_truncation(256)
        else:
            tokenizer = BertWordPieceTokenizer(str(self.source / "vocab.txt"), lowercase=True)
        return [tokenizer.encode(text).ids for text in texts]

    def predicted(self, texts):
        """What `hone predict` says: the scores by label."""
        lines = subprocess.run(
            [self.hone, "predict", "--json", "--model", self.source], input="\n".join(texts), check=True,
            capture_output=True, text=True).stdout.splitlines()
        return [{part["label"]: part["score"] for part in json.loads(line)["scores"]} for line in lines]


def difference(found, wanted):
    """The largest difference, of the largest number or of one."""
    found, wanted = np.asarray(found, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    assert found.shape == wanted.shape, f"{found.shape}, not {wanted.shape}"
    return np.abs(found - wanted).max() / max(1.0, np.abs(wanted).max())


def check(name, what, value):
    print(f"{name:32} {what:14} differs by {value:.1e}")
    assert value < TOLERANCE, f"{name}: {what} differs by {value}"


def check_probabilities(name, export, texts):
    labels = [export.config["id2label"][str(index)] for index in range(len(export.config["id2label"]))]
    wanted = [[scores[label] for label in labels] for scores in export.predicted(texts)]
    found = export.run(export.encoded(texts))
    check(name, "hone predict", difference(found.get("probabilities", found["logits"]), wanted))


def check_reference(name, export, batch, types, logits):
    outputs = export.run(batch, types)
    if "start_logits" in outputs:
        outputs["logits"] = np.stack([outputs["start_logits"], outputs["end_logits"]], axis=-1)
    found = outputs["logits"]
    if found.ndim == 3:
        found = np.concatenate([rows[: len(ids)] for rows, ids in zip(found, batch)])
    check(name, "PyTorch", difference(found, np.asarray(logits).reshape(found.shape)))


def with_mean(source, target):
    shutil.copytree(source, target)
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    config["hone"] = {"pooling": "mean", "temperature": 1.5}
    (target / "config.json").write_text(json.dumps(config), encoding="utf-8")


def with_head(source, target):
    """MiniLM with the head of `torch_minilm.py`."""
    shutil.copytree(source, target)
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    size, names = config["hidden_size"], ["a", "b", "c"]
    config |= {
        "id2label": dict(enumerate(names)), "label2id": {name: index for index, name in enumerate(names)},
        "hone": {"pooling": "mean", "temperature": 1.0},
    }
    (target / "config.json").write_text(json.dumps(config), encoding="utf-8")
    tensors = load_file(target / "model.safetensors")
    tensors["classifier.weight"] = np.sin(np.arange(3 * size, dtype=np.float64)).reshape(3, size).astype(np.float32)
    tensors["classifier.bias"] = np.zeros(3, dtype=np.float32)
    save_file(tensors, target / "model.safetensors")


def large(source, target):
    """The tiny ELECTRA with wide random embeddings of so many words that they take more than 2 GB."""
    shutil.copytree(source, target)
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    tensors = load_file(target / "model.safetensors")
    random, width, words = np.random.default_rng(1), 64, 9_000_000
    for name, tensor in list(tensors.items()):
        if ".embeddings." in name or name.endswith("embeddings_project.weight"):
            shape = tensor.shape[:-1] + (width,)
            tensors[name] = random.normal(0, 0.4, shape).astype(np.float32)
            if "word_embeddings" in name:
                tensors[name] = np.zeros((words, width), dtype=np.float32)
                tensors[name][: shape[0]] = random.normal(0, 0.4, shape)
    config |= {"vocab_size": words, "embedding_size": width}
    (target / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(tensors, target / "model.safetensors")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hone", type=lambda path: Path(path).resolve())
    parser.add_argument("minilm", type=Path)
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    fixtures = options.fixtures
    hashes = {}

    def read(name):
        return json.loads((fixtures / name).read_text(encoding="utf-8"))

    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)

        def exported(name, source):
            export = Export(options.hone, source, scratch / f"{len(hashes)}")
            hashes[name] = hashlib.sha256(export.file.read_bytes()).hexdigest()
            return export

        tiny = read("tiny-bert-reference.json")
        export = exported("tiny-bert", fixtures / "tiny-bert")
        check_reference("tiny-bert", export, tiny["batch"], tiny["types"], tiny["logits"])
        check_probabilities("tiny-bert", export, TEXTS)

        with_mean(fixtures / "tiny-bert", scratch / "mean")
        check_probabilities("tiny-bert-mean", exported("tiny-bert-mean", scratch / "mean"), TEXTS)

        for group, names in (("families", FAMILIES), ("heads", HEADS)):
            batch = read(f"{group}/{group}.json")
            for name in names:
                source = fixtures / group / name
                export = exported(f"{group}/{name}", source)
                logits = load_file(source / "reference.safetensors")["logits"]
                check_reference(name, export, batch["batch"], batch["types"], logits)
                if name not in ("question-answering", "token-classification", "scoring"):
                    check_probabilities(name, export, TEXTS)

        rows = read("minilm.json")["rows"]
        texts = [row["text"] for row in rows]
        export = exported("minilm", options.minilm)
        hidden = export.run(export.encoded(texts))["last_hidden_state"]
        for place, index in (("first", lambda row: 0), ("last", lambda row: row["tokens"] - 1)):
            found = [states[index(row), :16] for states, row in zip(hidden, rows)]
            check("minilm", "PyTorch", difference(found, [row[place] for row in rows]))

        with_head(options.minilm, scratch / "head")
        export = exported("minilm-head", scratch / "head")
        check("minilm-head", "PyTorch", difference(
            export.run(export.encoded(texts))["logits"], [row["logits"] for row in rows]))
        check_probabilities("minilm-head", export, texts)
        del hashes["minilm-head"]

        if options.large:
            large(fixtures / "families/electra", scratch / "large")
            export = Export(options.hone, scratch / "large", scratch / "large-onnx")
            assert (export.file.parent / "model.onnx_data").stat().st_size > 2**31
            check_probabilities("large", export, TEXTS)

    seen = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__, "sha256": hashes}
    (fixtures / "onnx.json").write_text(json.dumps(seen, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
