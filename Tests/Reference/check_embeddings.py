"""Compares the vectors of a running daemon with those of `sentence-transformers`, through OpenAI's client.

    python check_embeddings.py http://127.0.0.1:8080 FOLDER_OF_THE_MODEL [--least 0.9999]

FOLDER holds the encoder that the daemon serves. Prints the smallest cosine over all texts, for both
encodings of OpenAI's shape and for TEI's path, and fails if it is below the least.
"""
import argparse
import base64
import json
import struct
import sys
import urllib.request

import openai
import sentence_transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("url")
parser.add_argument("folder")
parser.add_argument("--least", type=float, default=0.9999)
options = parser.parse_args()

texts = [f"Sentence {i} is about dogs, rain and the price of tea in Zürich. " * (1 + i % 5) for i in range(30)]


def numbers(vector):
    """As the client hands a vector over: it unpacks base64 only where it asked for it by itself."""
    if not isinstance(vector, str):
        return vector
    packed = base64.b64decode(vector)
    return struct.unpack(f"<{len(packed) // 4}f", packed)


client = openai.OpenAI(base_url=options.url + "/v1", api_key="none")
worst = 1.0
for pooling in ["mean", "cls"]:
    body = Transformer(options.folder, max_seq_length=512)
    width = body.get_embedding_dimension()
    peer = SentenceTransformer(modules=[body, Pooling(width, pooling_mode=pooling)], device="cpu")
    expected = peer.encode(texts, normalize_embeddings=True)
    found = {}
    for form in ["float", "base64", None]:
        wishes = {"encoding_format": form} if form else {}
        answer = client.embeddings.create(
            model="m", input=texts, extra_body={"pooling": pooling}, **wishes)
        found[str(form)] = [numbers(item.embedding) for item in answer.data]
    request = urllib.request.Request(
        options.url + "/embed", json.dumps({"inputs": texts, "pooling": pooling}).encode(),
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        found["TEI"] = json.load(answer)
    for form, vectors in found.items():
        least = min(float(sum(a * b for a, b in zip(x, y))) for x, y in zip(expected.tolist(), vectors))
        print(f"{pooling:5} {form:7} smallest cosine {least:.7f}, {len(vectors[0])} numbers")
        worst = min(worst, least)
print(f"openai {openai.__version__}, sentence-transformers {sentence_transformers.__version__}")
sys.exit(worst < options.least)
