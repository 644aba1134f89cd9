"""Writes what PyTorch says about a tiny masked language model of each family: logits, loss, every gradient.

    python torch_masked.py ../TransformersTests/Fixtures/masked

Each folder is a checkpoint as `transformers` saves it, with random weights from a seed and no dropout, and
`reference.safetensors` beside it: the logits of the masked tokens, the loss, and the gradients under the
names of the parameters. `masked.json` holds the batch, what was masked, and the versions.
"""
import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    BertConfig, BertForMaskedLM, DistilBertConfig, DistilBertForMaskedLM, ElectraConfig, ElectraForMaskedLM,
    MPNetConfig, MPNetForMaskedLM, RobertaConfig, RobertaForMaskedLM,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "good", "bad", "film", "was", "the", "."]
LONG = [2] + [5 + i * i % 7 for i in range(28)] + [3]
BATCH = [[2, 5, 4, 8, 3], LONG, [2, 4, 3], [2, 7, 11, 4, 8, 4, 3, 9, 6, 3]]
# Of each text: the places that are asked for, and what stood there. One was left as it is, one replaced.
ASKED = [[2], [4, 9], [1], [3, 5]]
TRUTHS = [[6], [LONG[4], 7], [6], [7, 10]]
SIZES = dict(
    vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12)
DROPOUT = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
FAMILIES = {
    "bert": (BertForMaskedLM, BertConfig(max_position_embeddings=32, **SIZES, **DROPOUT)),
    "distilbert": (
        DistilBertForMaskedLM,
        DistilBertConfig(
            vocab_size=len(WORDS), dim=8, n_layers=2, n_heads=2, hidden_dim=12, max_position_embeddings=32,
            dropout=0.0, attention_dropout=0.0)),
    "roberta": (
        RobertaForMaskedLM, RobertaConfig(max_position_embeddings=34, type_vocab_size=1, **SIZES, **DROPOUT)),
    "electra": (
        ElectraForMaskedLM, ElectraConfig(embedding_size=6, max_position_embeddings=32, **SIZES, **DROPOUT)),
    "mpnet": (MPNetForMaskedLM, MPNetConfig(max_position_embeddings=34, **SIZES, **DROPOUT)),
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
    labels = padded([[-100] * len(row) for row in BATCH], -100)
    for row, (places, truths) in enumerate(zip(ASKED, TRUTHS)):
        labels[row, places] = torch.tensor(truths)
    model.train()
    output = model(
        input_ids=padded(BATCH, config.pad_token_id),
        attention_mask=padded([[1] * len(row) for row in BATCH]), labels=labels)
    output.loss.backward()
    tensors = {key: parameter.grad.contiguous() for key, parameter in model.named_parameters()}
    tensors["logits"] = output.logits[labels != -100].detach().contiguous()
    tensors["loss"] = output.loss.detach().reshape(1)
    save_file(tensors, folder / "reference.safetensors")
    for written in folder.glob("*.safetensors"):
        written.chmod(0o644)


target = Path(sys.argv[1])
for family in FAMILIES:
    write(family, target / family)
reference = {
    "torch": torch.__version__, "transformers": transformers.__version__, "batch": BATCH, "asked": ASKED,
    "truths": TRUTHS,
}
(target / "masked.json").write_text(json.dumps(reference) + "\n", encoding="utf-8")
