"""Compares what Hone said with what `transformers` says about the same model folder.

    python check_checkpoint.py FOLDER ANSWERS.json [--tolerance 1e-4]

ANSWERS is a list of {"text", "pair" (may be missing), "logits"}, or such a list under "requests", as
in the golden.json of a training run. A folder with mean pooling is read by the few lines that
LoadingInTransformers.md documents, any other one by AutoModelForSequenceClassification. Prints the
largest difference and fails if it is above the tolerance.
"""
import argparse
import json
import sys

import torch
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, BertTokenizerFast
from transformers.utils import logging


def tokenizer_of(folder, config):
    """`tokenizer.json`, or else BERT's own way with `vocab.txt`."""
    return BertTokenizerFast.from_pretrained(folder, model_max_length=min(512, config.max_position_embeddings))


def mean_pooled(folder):
    encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).eval()
    head = load_file(f"{folder}/model.safetensors")

    def logits(batch):
        mask = batch["attention_mask"].unsqueeze(-1)
        mean = (encoder(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)
        return mean @ head["classifier.weight"].T + head["classifier.bias"]

    return logits


def native(folder):
    model, report = AutoModelForSequenceClassification.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True)
    if report["missing_keys"] or report["unexpected_keys"]:
        sys.exit(f"{folder}: transformers misses {report['missing_keys']}, has no use for {report['unexpected_keys']}")
    model.eval()
    return lambda batch: model(**batch).logits


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("answers")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()
    logging.set_verbosity_error()

    config = AutoConfig.from_pretrained(options.folder)
    is_mean = getattr(config, "hone", {}).get("pooling") == "mean"
    logits = (mean_pooled if is_mean else native)(options.folder)
    tokenizer = tokenizer_of(options.folder, config)
    with open(options.answers, encoding="utf-8") as file:
        answers = json.load(file)
    if isinstance(answers, dict):
        answers = answers["requests"]
    worst = 0.0
    for answer in answers:
        texts = [answer["text"]] if answer.get("pair") is None else [answer["text"], answer["pair"]]
        batch = tokenizer(*texts, truncation=True, return_tensors="pt")
        with torch.no_grad():
            found = logits(batch)[0]
        worst = max(worst, (found - torch.tensor(answer["logits"])).abs().max().item())
    kind = "mean-pooled" if is_mean else "native"
    print(f"{options.folder}: {kind}, {len(answers)} texts, logits differ by at most {worst:.1e}")
    if not answers or not worst <= options.tolerance:
        sys.exit(f"that is more than {options.tolerance:.0e}")


if __name__ == "__main__":
    main()
