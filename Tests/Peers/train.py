"""Full fine-tuning by PyTorch, f32, eager: all-MiniLM-L6-v2 with a head of four classes.

Batches of 32 rows of like length in random order, AdamW, dropout as the model sets it, labels that
mean nothing. Prints one JSON object with tokens a second.
"""

import json
import random
import resource
import time

import work

CLASSES = 4


def main():
    options = work.arguments(__doc__)
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    chance = random.Random(1)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        options.model, num_labels=CLASSES, dtype=torch.float32)
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5, weight_decay=0.01, fused=True)

    def step(batch):
        ids, mask = work.padded(batch)
        labels = torch.tensor([chance.randrange(CLASSES) for _ in batch])
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(model(input_ids=ids, attention_mask=mask).logits, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    encoded = work.encode(options.model, options.sentences)
    groups = work.batches(encoded)
    chance.shuffle(groups)
    for batch in groups[:4]:
        step(batch)
    begun = time.perf_counter()
    for batch in groups:
        step(batch)
    seconds = time.perf_counter() - begun
    print(json.dumps({
        "name": f"PyTorch {torch.__version__} f32 eager",
        "threads": options.threads,
        "tokens": work.tokens(encoded),
        "tokensPerSecond": work.tokens(encoded) / seconds,
        "steps": len(groups),
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))


if __name__ == "__main__":
    main()
