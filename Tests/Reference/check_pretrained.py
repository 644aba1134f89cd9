"""Loads a folder that `hone pretrain` wrote with `transformers` and measures it there.

    python check_pretrained.py FOLDER "the film was [MASK] ."

A masked language model fills the mask of the sentence (`AutoModelForMaskedLM`), a decoder goes on from it.
A tensor that its class lacks, or has too many, is a fault.
"""
import sys

import torch
import transformers

folder, text = sys.argv[1:]
config = transformers.AutoConfig.from_pretrained(folder)
tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
is_decoder = config.architectures[0].endswith("LMHeadModel")
model_class = transformers.AutoModelForCausalLM if is_decoder else transformers.AutoModelForMaskedLM
model, info = model_class.from_pretrained(folder, output_loading_info=True)
assert type(model).__name__ == config.architectures[0], type(model).__name__
for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
    assert not info[kind], f"{kind}: {sorted(info[kind])}"
inputs = tokenizer(text, return_tensors="pt")
inputs.pop("token_type_ids", None)
if is_decoder:
    written = model.generate(**inputs, max_new_tokens=30, do_sample=False, pad_token_id=config.eos_token_id)
    print(tokenizer.decode(written[0]))
else:
    place = (inputs.input_ids[0] == tokenizer.mask_token_id).nonzero()[0, 0]
    with torch.no_grad():
        probabilities = model(**inputs).logits[0, place].softmax(-1)
    best = probabilities.topk(5)
    print(", ".join(f"{tokenizer.decode([i])} {p:.3f}" for p, i in zip(best.values.tolist(), best.indices.tolist())))
