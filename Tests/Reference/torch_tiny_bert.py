"""Writes what PyTorch says about a tiny BERT: logits, every gradient, ten losses of AdamW.

    python torch_tiny_bert.py ../TransformersTests/Fixtures

The model has random weights from a seed, no dropout, and both texts and labels are made up. The
folder `tiny-bert` is a checkpoint as `transformers` saves it; `tiny-bert-reference.safetensors`
holds the gradients of the first step under the names of the parameters, `tiny-bert-reference.json`
the rest.
"""
import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification

WORDS = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "good", "bad", "film", "was", "the", "##s", "not", "very",
    ",", ".",
]
BATCH = [[2, 5, 6, 8, 3], [2, 10, 8, 9, 12, 13, 7, 15, 3, 6, 3], [2, 6, 3], [2, 7, 14, 7, 8, 11, 3]]
TYPES = [[0] * 5, [0] * 9 + [1] * 2, [0] * 3, [0] * 7]
LABELS = [2, 0, 2, 1]
NAMES = ["negative", "neutral", "positive"]

target = Path(sys.argv[1])
torch.manual_seed(7)
config = BertConfig(
    vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
    max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=len(NAMES),
    id2label=dict(enumerate(NAMES)), label2id={name: index for index, name in enumerate(NAMES)},
)
model = BertForSequenceClassification(config)
with torch.no_grad():
    # Weights large enough that every path through the network matters.
    for name, parameter in model.named_parameters():
        parameter.normal_(1.0 if "LayerNorm.weight" in name else 0.0, 0.3)
folder = target / "tiny-bert"
model.save_pretrained(folder)
(folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")


def padded(rows):
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def has_decay(name):
    return not (name.endswith("bias") or "LayerNorm" in name or "embeddings" in name)


inputs = {
    "input_ids": padded(BATCH),
    "token_type_ids": padded(TYPES),
    "attention_mask": padded([[1] * len(row) for row in BATCH]),
    "labels": torch.tensor(LABELS),
}
named = list(model.named_parameters())
optimizer = torch.optim.AdamW(
    [
        {"params": [p for n, p in named if has_decay(n)], "weight_decay": 0.01},
        {"params": [p for n, p in named if not has_decay(n)], "weight_decay": 0.0},
    ],
    lr=1e-2, eps=1e-6,
)
model.train()
losses = []
for step in range(10):
    optimizer.zero_grad()
    output = model(**inputs)
    output.loss.backward()
    losses.append(output.loss.item())
    if step == 0:
        logits = output.logits.detach().tolist()
        gradients = {name: parameter.grad.contiguous() for name, parameter in named}
        save_file(gradients, target / "tiny-bert-reference.safetensors")
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
reference = {
    "torch": torch.__version__, "transformers": transformers.__version__,
    "batch": BATCH, "types": TYPES, "labels": LABELS, "logits": logits, "losses": losses,
}
(target / "tiny-bert-reference.json").write_text(json.dumps(reference, indent=1) + "\n", encoding="utf-8")
for written in [folder / "model.safetensors", target / "tiny-bert-reference.safetensors"]:
    written.chmod(0o644)
