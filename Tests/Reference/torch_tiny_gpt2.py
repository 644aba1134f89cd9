"""Writes what PyTorch and `generate` say about a tiny GPT-2.

    python torch_tiny_gpt2.py ../TransformersTests/Fixtures

`tiny-gpt2` is a checkpoint as `transformers` saves it, with random weights from a seed and no dropout.
`tiny-gpt2-reference.safetensors` holds the logits of the first text and the gradients of the first step,
`tiny-gpt2-reference.json` ten losses of AdamW, greedy continuations, and the scores that the
samplers of `transformers` leave.
"""
import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    GPT2Config, GPT2LMHeadModel, LogitsProcessorList, RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper,
    TopKLogitsWarper, TopPLogitsWarper,
)

WORDS = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "good", "bad", "film", "was", "the", "##s", "not", "very",
    ",", ".",
]
BATCH = [[5, 6, 8], [10, 8, 9, 12, 13, 7, 15, 10, 6, 2, 3], [6, 15], [7, 14, 7, 8, 11, 2, 5, 5, 9]]
PROMPTS = [[5], [10, 8, 9], [7, 14, 7, 8, 11, 2, 5, 5, 9]]

target = Path(sys.argv[1])
torch.manual_seed(7)
config = GPT2Config(
    vocab_size=len(WORDS), n_embd=16, n_layer=2, n_head=2, n_inner=24, n_positions=32, resid_pdrop=0.0,
    embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=2, eos_token_id=0,
)
model = GPT2LMHeadModel(config)
with torch.no_grad():
    # Weights large enough that every path through the network matters.
    for name, parameter in model.named_parameters():
        # Words small beside the blocks: otherwise each token would score itself best.
        parameter.normal_(1.0 if "ln_" in name and "weight" in name else 0.0, 0.2 if "wte" in name else 0.6)
folder = target / "tiny-gpt2"
model.save_pretrained(folder)
(folder / "generation_config.json").unlink(missing_ok=True)
(folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
model.eval()


def continued(prompt, **arguments):
    ids = torch.tensor([prompt])
    written = model.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=20, do_sample=False, pad_token_id=1, **arguments)
    return written[0, len(prompt):].tolist()


greedy = [{"prompt": prompt, "penalty": 1.0, "ids": continued(prompt)} for prompt in PROMPTS]
greedy += [{"prompt": p, "penalty": 1.5, "ids": continued(p, repetition_penalty=1.5)} for p in PROMPTS]
with torch.no_grad():
    text = torch.tensor([PROMPTS[2]])
    next_logits = model(text).logits[:, -1, :]
samplers = []
for temperature, top_k, top_p, penalty in [(0.7, 0, 1.0, 1.0), (1.0, 3, 1.0, 1.0), (1.0, 0, 0.8, 1.0), (1.3, 9, 0.6, 1.2)]:
    steps = LogitsProcessorList()
    if penalty != 1:
        steps.append(RepetitionPenaltyLogitsProcessor(penalty))
    if temperature != 1:
        steps.append(TemperatureLogitsWarper(temperature))
    if top_k:
        steps.append(TopKLogitsWarper(top_k))
    if top_p < 1:
        steps.append(TopPLogitsWarper(top_p))
    scores = steps(text, next_logits.clone())[0]
    samplers.append({
        "temperature": temperature, "top_k": top_k, "top_p": top_p, "penalty": penalty,
        "scores": [None if score == -float("inf") else score for score in scores.tolist()],
    })


def padded(rows, value):
    longest = max(map(len, rows))
    return torch.tensor([row + [value] * (longest - len(row)) for row in rows])


def has_decay(name):
    return not (name.endswith("bias") or "ln_" in name or "wte" in name or "wpe" in name)


inputs = {
    "input_ids": padded(BATCH, 0), "attention_mask": padded([[1] * len(row) for row in BATCH], 0),
    "labels": padded(BATCH, -100),
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
        tensors = {name: parameter.grad.contiguous() for name, parameter in named}
        tensors["logits"] = output.logits[1].detach().contiguous()
        save_file(tensors, target / "tiny-gpt2-reference.safetensors")
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
reference = {
    "torch": torch.__version__, "transformers": transformers.__version__, "batch": BATCH, "losses": losses,
    "greedy": greedy, "logits": next_logits[0].tolist(), "text": PROMPTS[2], "samplers": samplers,
}
(target / "tiny-gpt2-reference.json").write_text(json.dumps(reference, indent=1) + "\n", encoding="utf-8")
for written in [folder / "model.safetensors", target / "tiny-gpt2-reference.safetensors"]:
    written.chmod(0o644)
