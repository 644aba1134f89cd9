"""Writes what PyTorch says about the distance of logits that dark experience replay adds to a loss.

    python torch_logit_distance.py > ../TransformersTests/Fixtures/logit-distance.json

The rows of a batch that are replayed are compared with `mse_loss` as the code of the paper does, and weighed
by their share of the batch.
"""
import json

import torch

torch.manual_seed(1)
WEIGHT, REPLAYED = 0.5, [1, 3, 4]
logits = torch.randn(5, 3, requires_grad=True)
earlier = torch.randn(5, 3)
labels = torch.tensor([0, 2, 1, 1, 0])
distance = torch.nn.functional.mse_loss(logits[REPLAYED], earlier[REPLAYED]) * len(REPLAYED) / len(labels)
loss = torch.nn.functional.cross_entropy(logits, labels) + WEIGHT * distance
loss.backward()


def rounded(value):
    return [rounded(part) for part in value] if isinstance(value, list) else round(value, 7)


print(json.dumps({
    "torch": torch.__version__, "weight": WEIGHT, "replayed": REPLAYED, "labels": labels.tolist(),
    "logits": rounded(logits.tolist()), "earlier": rounded(earlier.tolist()), "loss": rounded(loss.item()),
    "gradient": rounded(logits.grad.tolist()),
}))
