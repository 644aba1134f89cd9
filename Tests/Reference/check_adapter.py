"""Compares an adapter that Hone exported, loaded by `peft` over its base, with the model it was merged into.

    python check_adapter.py BASE ADAPTER MERGED [--tolerance 1e-4]

Prints the largest difference of the last hidden states or logits, and fails if it is above the tolerance.
"""
import argparse
import json
import sys

import torch
from peft import PeftModel
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification
from transformers.utils import logging


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("adapter")
    parser.add_argument("merged")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()
    logging.set_verbosity_error()

    with open(f"{options.adapter}/adapter_config.json", encoding="utf-8") as file:
        is_native = json.load(file)["task_type"] == "SEQ_CLS"
    kind = AutoModelForSequenceClassification if is_native else AutoModel
    settings = {} if is_native else {"add_pooling_layer": False}
    labels = AutoConfig.from_pretrained(options.merged).num_labels
    # The base may have had other labels: the adapter brings its own classifier along.
    base = kind.from_pretrained(
        options.base, dtype=torch.float32, num_labels=labels, ignore_mismatched_sizes=True, **settings)
    before = base.eval()(input_ids=torch.tensor([[1, 2, 3, 4]]))[0].detach()
    adapted = PeftModel.from_pretrained(base, options.adapter).eval()
    merged = kind.from_pretrained(options.merged, dtype=torch.float32, **settings).eval()

    torch.manual_seed(1)
    worst = moved = 0.0
    for length in (4, 7, 16):
        ids = torch.randint(0, base.config.vocab_size, (3, length))
        with torch.no_grad():
            worst = max(worst, (adapted(input_ids=ids)[0] - merged(input_ids=ids)[0]).abs().max().item())
    with torch.no_grad():
        moved = (adapted(input_ids=torch.tensor([[1, 2, 3, 4]]))[0] - before).abs().max().item()
    print(f"{options.adapter}: {'logits' if is_native else 'hidden states'} differ by at most {worst:.1e}, "
          f"the adapter moves them by {moved:.1e}")
    if not worst <= options.tolerance or moved <= options.tolerance:
        sys.exit(f"they should differ by at most {options.tolerance:.0e}, and the adapter should move them by more")


if __name__ == "__main__":
    main()
