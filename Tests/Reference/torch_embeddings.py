"""Writes what `sentence-transformers` says about a few texts with all-MiniLM-L6-v2.

    python torch_embeddings.py FOLDER_OF_THE_MODEL ../ServerTests/Fixtures/embeddings.json

For each text and each pooling: the beginning of its normalized vector, in float32.
"""
import json
import sys

import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

SHOWN = 32

texts = [
    "What a wonderful film.",
    "x",
    "It was not good, but it was not bad either: two hours well spent, on the whole.",
    "Crème brûlée à la façon de Zürich",
    " ".join(["A long sentence goes on and on."] * 80),
]
rows = [{"text": text} for text in texts]
for pooling in ["mean", "cls"]:
    body = Transformer(sys.argv[1], max_seq_length=512)
    model = SentenceTransformer(modules=[body, Pooling(384, pooling_mode=pooling)], device="cpu")
    vectors = model.encode(texts, normalize_embeddings=True, convert_to_numpy=True)
    for row, vector in zip(rows, vectors):
        row[pooling] = vector[:SHOWN].tolist()
versions = {
    "torch": torch.__version__,
    "transformers": transformers.__version__,
    "sentence_transformers": sentence_transformers.__version__,
}
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump({**versions, "rows": rows}, file, indent=1)
