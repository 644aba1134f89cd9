"""Writes what `transformers` says about all-MiniLM-L6-v2 for a few texts.

    python torch_minilm.py FOLDER_OF_THE_MODEL ../TransformersTests/Fixtures/minilm.json

For each text: the number of tokens, the beginning of the first and the last token's hidden state,
the beginning and the norm of their mean, and the logits of a classifier over the mean whose weights
are sin(0), sin(1), sin(2) ... row by row.
"""
import json
import sys

import torch
import transformers
from tokenizers import Tokenizer
from transformers import AutoModel

SHOWN, LABELS = 16, 3

model = AutoModel.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
tokenizer = Tokenizer.from_file(sys.argv[1] + "/tokenizer.json")
tokenizer.no_padding()
tokenizer.enable_truncation(256)
size = model.config.hidden_size
classifier = torch.arange(LABELS * size, dtype=torch.float64).sin().reshape(LABELS, size).float()
texts = [
    "What a wonderful film.",
    "x",
    "It was not good, but it was not bad either: two hours well spent, on the whole.",
    "Crème brûlée à la façon de Zürich",
    " ".join(["A long sentence goes on and on."] * 12),
]
rows = []
for text in texts:
    with torch.no_grad():
        hidden = model(input_ids=torch.tensor([tokenizer.encode(text).ids])).last_hidden_state[0]
    mean = hidden.mean(0)
    rows.append({
        "text": text,
        "tokens": hidden.shape[0],
        "first": hidden[0, :SHOWN].tolist(),
        "last": hidden[-1, :SHOWN].tolist(),
        "mean": mean[:SHOWN].tolist(),
        "norm": mean.norm().item(),
        "logits": (classifier @ mean).tolist(),
    })
versions = {"torch": torch.__version__, "transformers": transformers.__version__}
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump({**versions, "rows": rows}, file, indent=1)
