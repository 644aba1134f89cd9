"""Serving by PyTorch, f32, eager: sentence embeddings of all-MiniLM-L6-v2.

Prints one JSON object: tokens a second in batches of 32 of like length, and the milliseconds of
one sentence at a time.
"""

import json
import statistics
import time

import work


def main():
    options = work.arguments(__doc__)
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    model = transformers.AutoModel.from_pretrained(options.model, dtype=torch.float32).eval()

    @torch.inference_mode()
    def embed(ids, mask):
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1)
        return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)

    encoded = work.encode(options.model, options.sentences)
    groups = [work.padded(batch) for batch in work.batches(encoded)]
    for group in groups:
        embed(*group)  # memory for every shape
    passes = []
    for _ in range(3):
        begun = time.perf_counter()
        for group in groups:
            embed(*group)
        passes.append(time.perf_counter() - begun)

    single = [work.padded([ids]) for ids in encoded[::5]]
    embed(*single[-1])
    latencies = []
    for one in single:
        begun = time.perf_counter()
        embed(*one)
        latencies.append((time.perf_counter() - begun) * 1000)
    latencies.sort()
    print(json.dumps({
        "name": f"PyTorch {torch.__version__} f32 eager",
        "threads": options.threads,
        "tokens": work.tokens(encoded),
        "tokensPerSecond": work.tokens(encoded) / statistics.median(passes),
        "p50Milliseconds": latencies[len(latencies) // 2],
        "p99Milliseconds": latencies[int(len(latencies) * 0.99)],
    }))


if __name__ == "__main__":
    main()
