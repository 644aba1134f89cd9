"""What a full fine-tune by PyTorch reaches: movie reviews, the arguments that `hone train` takes.

Three files of rows come from `quality.py --split SENTIMENT FOLDER`, for both sides the same. The model is
that of Hone's first model: mean of the hidden states, dropout, one layer of classes; AdamW with bias correction,
a tenth of the steps to warm up, then down to nothing; the best of the steps by the development rows.
Prints one JSON object with the accuracy on the test rows.
"""

import copy
import json
import pathlib
import random
import sys

import work

EPOCHS, RATE, CHECKS = 2, 5e-5, 3
SIZES = {"train": 2_000, "development": 500, "test": 3_000}


def split(sentiment, folder):
    lines = (pathlib.Path(sentiment) / "movies.jsonl").read_text(encoding="utf-8").splitlines()
    random.Random(1).shuffle(lines)
    for name, size in SIZES.items():
        part, lines = lines[:size], lines[size:]
        (pathlib.Path(folder) / f"{name}.jsonl").write_text("\n".join(part) + "\n", encoding="utf-8")


def batches(rows, chance):
    """Rows of similar length together, in another order each epoch, as the Trainer's group_by_length has them."""
    order = rows[:]
    chance.shuffle(order)
    large = 50 * work.BATCH
    order = [row for start in range(0, len(order), large)
             for row in sorted(order[start : start + large], key=lambda row: len(row[0]))]
    cut = [order[start : start + work.BATCH] for start in range(0, len(order), work.BATCH)]
    chance.shuffle(cut)
    return cut


def main():
    options = work.arguments(
        __doc__,
        ("--rows", {"required": True, "help": "the folder of the split"}),
        ("--precision", {"default": "f32", "choices": ["f32", "bf16"]}),
        ("--seed", {"type": int, "default": 1}))
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    rows, classes = {}, None
    for name in SIZES:
        file = pathlib.Path(options.rows) / f"{name}.jsonl"
        read = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        classes = classes or sorted({row["label"] for row in read})
        encoded = work.encode_texts(options.model, [row["text"] for row in read], maximum=128)
        rows[name] = list(zip(encoded, (classes.index(row["label"]) for row in read)))

    class Classifier(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = transformers.AutoModel.from_pretrained(
                options.model, add_pooling_layer=False, dtype=torch.float32)
            self.dropout = torch.nn.Dropout(self.encoder.config.hidden_dropout_prob)
            self.classifier = torch.nn.Linear(self.encoder.config.hidden_size, len(classes))
            torch.nn.init.normal_(self.classifier.weight, std=0.02)
            torch.nn.init.zeros_(self.classifier.bias)

        def forward(self, batch):
            ids, mask = map(torch.from_numpy, work.padded([tokens for tokens, _ in batch]))
            with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16"):
                hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
                weights = mask[..., None].to(hidden.dtype)
                mean = (hidden * weights).sum(1) / weights.sum(1)
                return self.classifier(self.dropout(mean)).float()

    model = Classifier()

    def accuracy(name):
        model.eval()
        order = sorted(rows[name], key=lambda row: len(row[0]))
        right = 0
        with torch.inference_mode():
            for start in range(0, len(order), work.BATCH):
                batch = order[start : start + work.BATCH]
                right += sum(int(k) == label for k, (_, label) in zip(model(batch).argmax(1), batch))
        model.train()
        return right / len(order)

    def decays(name):
        return not name.endswith("bias") and "LayerNorm" not in name

    groups = [{"params": [w for n, w in model.named_parameters() if decays(n) == yes], "weight_decay": 0.01 * yes}
              for yes in (True, False)]
    optimizer = torch.optim.AdamW(groups, lr=RATE, eps=1e-6)
    steps = EPOCHS * -(-len(rows["train"]) // work.BATCH)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, round(0.1 * steps), steps)
    best, kept, step = -1.0, None, 0
    for _ in range(EPOCHS):
        for batch in batches(rows["train"], chance):
            optimizer.zero_grad(set_to_none=True)
            labels = torch.tensor([label for _, label in batch])
            torch.nn.functional.cross_entropy(model(batch), labels).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step * CHECKS * EPOCHS // steps > (step - 1) * CHECKS * EPOCHS // steps:
                now = accuracy("development")
                if now > best:
                    best, kept = now, copy.deepcopy(model.state_dict())
    model.load_state_dict(kept)
    print(json.dumps({"version": torch.__version__, "accuracy": accuracy("test")}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--split"]:
        split(*sys.argv[2:])
    else:
        main()
