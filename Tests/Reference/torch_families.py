"""Writes what PyTorch says about a tiny model of each family of encoders: logits and every gradient.

    python torch_families.py ../TransformersTests/Fixtures/families

Each folder is a checkpoint as `transformers` saves it, with random weights from a seed and no dropout,
and `reference.safetensors` beside it: the logits, the loss, and the gradients under the names of the
parameters. `families.json` holds the batch and the versions.
"""
import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    DistilBertConfig, DistilBertForSequenceClassification, ElectraConfig, ElectraForSequenceClassification,
    MPNetConfig, MPNetForSequenceClassification, RobertaConfig, RobertaForSequenceClassification,
    XLMRobertaConfig, XLMRobertaForSequenceClassification,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "good", "bad", "film", "was", "the", "."]
LONG = [2] + [5 + i * i % 7 for i in range(28)] + [3]
BATCH = [[2, 5, 6, 8, 3], LONG, [2, 6, 3], [2, 7, 11, 7, 8, 10, 3, 9, 6, 3]]
TYPES = [[0] * 5, [0] * len(LONG), [0] * 3, [0] * 7 + [1] * 3]
LABELS = [2, 0, 2, 1]
NAMES = dict(enumerate(["negative", "neutral", "positive"]))
SIZES = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12)
COMMON = dict(
    vocab_size=len(WORDS), id2label=NAMES, label2id={name: index for index, name in NAMES.items()})
DROPOUT = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
FAMILIES = {
    "distilbert": (
        DistilBertForSequenceClassification,
        DistilBertConfig(
            dim=8, n_layers=2, n_heads=2, hidden_dim=12, max_position_embeddings=32, dropout=0.0,
            attention_dropout=0.0, seq_classif_dropout=0.0, **COMMON)),
    "roberta": (
        RobertaForSequenceClassification,
        RobertaConfig(max_position_embeddings=34, type_vocab_size=1, **SIZES, **DROPOUT, **COMMON)),
    "xlm-roberta": (
        XLMRobertaForSequenceClassification,
        XLMRobertaConfig(max_position_embeddings=34, type_vocab_size=1, **SIZES, **DROPOUT, **COMMON)),
    "electra": (
        ElectraForSequenceClassification,
        ElectraConfig(embedding_size=6, max_position_embeddings=32, **SIZES, **DROPOUT, **COMMON)),
    "mpnet": (
        MPNetForSequenceClassification,
        MPNetConfig(max_position_embeddings=34, **SIZES, **DROPOUT, **COMMON)),
}


def padded(rows, value=0):
    longest = max(map(len, rows))
    return torch.tensor([row + [value] * (longest - len(row)) for row in rows])


def write(name, folder):
    model_class, config = FAMILIES[name]
    torch.manual_seed(7)
    model = model_class(config)
    with torch.no_grad():
        # Weights large enough that every path through the network matters.
        for key, parameter in model.named_parameters():
            parameter.normal_(1.0 if "norm.weight" in key.lower() else 0.0, 0.4)
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    inputs = {
        "input_ids": padded(BATCH, config.pad_token_id),
        "attention_mask": padded([[1] * len(row) for row in BATCH]),
        "labels": torch.tensor(LABELS),
    }
    if name == "electra":
        inputs["token_type_ids"] = padded(TYPES)
    model.train()
    output = model(**inputs)
    output.loss.backward()
    tensors = {key: parameter.grad.contiguous() for key, parameter in model.named_parameters()}
    tensors["logits"] = output.logits.detach().contiguous()
    tensors["loss"] = output.loss.detach().reshape(1)
    save_file(tensors, folder / "reference.safetensors")
    for written in folder.glob("*.safetensors"):
        written.chmod(0o644)


target = Path(sys.argv[1])
for family in FAMILIES:
    write(family, target / family)
reference = {
    "torch": torch.__version__, "transformers": transformers.__version__, "batch": BATCH, "types": TYPES,
    "labels": LABELS,
}
(target / "families.json").write_text(json.dumps(reference) + "\n", encoding="utf-8")
