"""Loads a checkpoint that Hone wrote by the class that it names, and compares logits.

    python check_family.py FOLDER ANSWERS

`ANSWERS` is JSON: a list of `{"ids": [...], "types": [...], "logits": [...]}`. A checkpoint that lacks a
tensor of its class, or has one too many, is a fault as well as a logit that differs.
"""
import json
import sys

import torch
import transformers

folder, answers = sys.argv[1:]
config = transformers.AutoConfig.from_pretrained(folder)
model_class = getattr(transformers, config.architectures[0])
model, info = model_class.from_pretrained(folder, output_loading_info=True)
model.eval()
for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
    assert not info[kind], f"{kind}: {sorted(info[kind])}"
worst = 0.0
with open(answers, encoding="utf-8") as file:
    rows = json.load(file)
for row in rows:
    inputs = {"input_ids": torch.tensor([row["ids"]])}
    if getattr(config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = torch.tensor([row["types"]])
    with torch.no_grad():
        output = model(**inputs)
    logits = output.logits[0] if "logits" in output else torch.stack([output.start_logits[0], output.end_logits[0]], -1)
    worst = max(worst, (logits.flatten() - torch.tensor(row["logits"])).abs().max().item())
print(f"{config.architectures[0]}: {len(rows)} rows, largest difference {worst:.2g}")
assert worst < 1e-4, "the logits differ"
