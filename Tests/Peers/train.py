"""Fine-tuning by PyTorch, eager: all-MiniLM-L6-v2 with a head of four classes.

Batches of 32 rows of like length in random order, AdamW, dropout as the model sets it, labels that
mean nothing. `full` moves all weights, `lora` adapters of rank 8 on queries and values (peft), `head`
the classifier alone. Prints one JSON object with tokens a second and the peak of memory.
"""

import contextlib
import json
import random
import resource
import time

import work

CLASSES = 4


def main():
    options = work.arguments(
        __doc__,
        ("--method", {"default": "full", "choices": ["full", "lora", "head"]}),
        ("--precision", {"default": "f32", "choices": ["f32", "bf16"]}))
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    chance = random.Random(1)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        options.model, num_labels=CLASSES, dtype=torch.float32)
    if options.method == "lora":
        import peft

        model = peft.get_peft_model(model, peft.LoraConfig(
            task_type="SEQ_CLS", r=8, lora_alpha=16, target_modules=["query", "value"]))
    elif options.method == "head":
        model.base_model.requires_grad_(False)
    model.train()
    learned = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=2e-5, weight_decay=0.01, fused=True)

    def precision():
        narrow = options.precision == "bf16"
        return torch.autocast("cpu", torch.bfloat16) if narrow else contextlib.nullcontext()

    encoded = work.encode(options.model, options.sentences)

    def step(batch):
        ids, mask = map(torch.from_numpy, work.padded([encoded[place] for place in batch]))
        labels = torch.tensor([chance.randrange(CLASSES) for _ in batch])
        optimizer.zero_grad(set_to_none=True)
        with precision():
            logits = model(input_ids=ids, attention_mask=mask).logits
        torch.nn.functional.cross_entropy(logits.float(), labels).backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()

    groups = work.batches(encoded)
    chance.shuffle(groups)
    for batch in groups[:4]:
        step(batch)
    begun = time.perf_counter()
    for batch in groups:
        step(batch)
    seconds = time.perf_counter() - begun
    print(json.dumps({
        "version": torch.__version__,
        "tokensPerSecond": work.tokens(encoded) / seconds,
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024,
    }))


if __name__ == "__main__":
    main()
