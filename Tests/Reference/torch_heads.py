"""Writes what PyTorch says about the heads of a tiny BERT: logits, the loss and every gradient.

    python torch_heads.py ../TransformersTests/Fixtures/heads

Multi-label classification, a score, tags of tokens, and the answer to a question; each folder is a
checkpoint as `transformers` saves it, with random weights from a seed and no dropout, and
`reference.safetensors` beside it. `heads.json` holds the batches and the versions.
"""
import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    BertConfig, BertForQuestionAnswering, BertForSequenceClassification, BertForTokenClassification,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "good", "bad", "film", "was", "the", "."]
# Of one length: transformers counts the padding in when it looks for answers.
BATCH = [[2, 5, 6, 8, 3, 10, 8, 9, 7, 3], [2, 10, 8, 9, 11, 3, 7, 11, 6, 3], [2, 6, 6, 7, 8, 9, 10, 5, 5, 3]]
TYPES = [[0] * 5 + [1] * 5, [0] * 6 + [1] * 4, [0] * 10]
TAGS = ["O", "B-PER", "I-PER"]
TOKEN_LABELS = [
    [-100, 0, 1, 2, -100, 0, -100, 1, 0, -100], [-100, 1, -100, 2, 0, -100, 0, 0, 1, -100],
    [-100] + [0] * 8 + [-100],
]
STARTS, ENDS = [5, 0, 3], [7, 0, 3]
SIZES = dict(
    vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=12,
    max_position_embeddings=16, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)


def named(names):
    return dict(id2label=dict(enumerate(names)), label2id={name: index for index, name in enumerate(names)})


TASKS = {
    "multi-label-classification": (
        BertForSequenceClassification,
        dict(problem_type="multi_label_classification", **named(["fast", "cheap", "good"])),
        dict(labels=torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])),
    ),
    "scoring": (
        BertForSequenceClassification, dict(problem_type="regression", **named(["score"])),
        dict(labels=torch.tensor([0.25, -1.5, 3.0])),
    ),
    "token-classification": (
        BertForTokenClassification, named(TAGS), dict(labels=torch.tensor(TOKEN_LABELS)),
    ),
    "question-answering": (
        BertForQuestionAnswering, {}, dict(start_positions=torch.tensor(STARTS), end_positions=torch.tensor(ENDS)),
    ),
}

target = Path(sys.argv[1])
for task, (model_class, arguments, labels) in TASKS.items():
    torch.manual_seed(7)
    model = model_class(BertConfig(**SIZES, **arguments))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            parameter.normal_(1.0 if "LayerNorm.weight" in key else 0.0, 0.4)
    folder = target / task
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    model.train()
    output = model(input_ids=torch.tensor(BATCH), token_type_ids=torch.tensor(TYPES), **labels)
    output.loss.backward()
    tensors = {key: parameter.grad.contiguous() for key, parameter in model.named_parameters()}
    if task == "question-answering":
        tensors["logits"] = torch.stack([output.start_logits, output.end_logits], -1).reshape(-1, 2).detach().contiguous()
    else:
        tensors["logits"] = output.logits.reshape(-1, output.logits.shape[-1]).detach().contiguous()
    tensors["loss"] = output.loss.detach().reshape(1)
    save_file(tensors, folder / "reference.safetensors")
    for written in folder.glob("*.safetensors"):
        written.chmod(0o644)
reference = {
    "torch": torch.__version__, "transformers": transformers.__version__, "batch": BATCH, "types": TYPES,
    "tokenLabels": TOKEN_LABELS, "starts": STARTS, "ends": ENDS,
}
(target / "heads.json").write_text(json.dumps(reference) + "\n", encoding="utf-8")
