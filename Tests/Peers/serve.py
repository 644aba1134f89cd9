"""Serving by a peer: sentence embeddings of all-MiniLM-L6-v2.

Prints one JSON object: tokens a second in batches of 32 of like length, tokenized before, and the
milliseconds of one sentence at a time.
"""

import json
import pathlib
import statistics
import time

import numpy
import work


class PyTorch:
    def __init__(self, options, precision):
        import torch
        import transformers

        self.torch, self.version = torch, torch.__version__
        torch.set_num_threads(options.threads)
        kind = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
        self.model = transformers.AutoModel.from_pretrained(options.model, dtype=kind).eval()

    def embed(self, ids, mask):
        with self.torch.inference_mode():
            hidden = self.model(input_ids=self.torch.from_numpy(ids),
                                attention_mask=self.torch.from_numpy(mask)).last_hidden_state
        return work.pooled(hidden.float().numpy(), mask)


class ONNXRuntime:
    def __init__(self, options, precision):
        import onnxruntime

        self.version = onnxruntime.__version__
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
        file = {"f32": "fused.onnx", "int8": "int8.onnx"}[precision]
        self.session = onnxruntime.InferenceSession(
            options.exports / file, settings, providers=["CPUExecutionProvider"])

    def embed(self, ids, mask):
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        return work.pooled(self.session.run(None, inputs)[0], mask)


class OpenVINO:
    """A stream a thread for throughput, all threads in one stream for latency: each at its best."""

    def __init__(self, options, precision):
        import openvino

        self.openvino, self.version = openvino, openvino.__version__.split("-")[0]
        core = openvino.Core()
        file = "int8.xml" if precision == "int8" else "model.onnx"
        model = core.read_model(options.exports / file)

        def compiled(streams, hint):
            return core.compile_model(model, "CPU", {
                "INFERENCE_NUM_THREADS": options.threads, "NUM_STREAMS": streams, "PERFORMANCE_HINT": hint,
                "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32"})

        self.one = compiled(1, "LATENCY").create_infer_request()
        self.queue = openvino.AsyncInferQueue(compiled(options.threads, "THROUGHPUT"), options.threads)

    @staticmethod
    def inputs(ids, mask):
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}

    def embed(self, ids, mask):
        self.one.infer(self.inputs(ids, mask))
        return work.pooled(self.one.get_output_tensor(0).data, mask)

    def embed_all(self, groups):
        found = [None] * len(groups)

        def keep(request, place):
            found[place] = work.pooled(request.get_output_tensor(0).data, groups[place][1])

        self.queue.set_callback(keep)
        for place, (ids, mask) in enumerate(groups):
            self.queue.start_async(self.inputs(ids, mask), place)
        self.queue.wait_all()
        return found


class CTranslate2:
    def __init__(self, options, precision):
        import ctranslate2

        self.version = ctranslate2.__version__
        self.model = ctranslate2.Encoder(
            str(options.exports / "ctranslate2"), compute_type=precision, intra_threads=options.threads)

    def embed(self, ids, mask):
        lengths = mask.sum(1)
        rows = [row[:length].tolist() for row, length in zip(ids, lengths)]
        return work.pooled(numpy.array(self.model.forward_batch(rows).last_hidden_state), mask)


PEERS = {"pytorch": PyTorch, "onnxruntime": ONNXRuntime, "openvino": OpenVINO, "ctranslate2": CTranslate2}


def main():
    options = work.arguments(
        __doc__,
        ("--peer", {"required": True, "choices": PEERS}),
        ("--precision", {"required": True, "choices": ["f32", "bf16", "int8"]}),
        ("--exports", {"type": pathlib.Path, "help": "what prepare.py made"}),
        ("--embeddings", {"help": "write the embeddings there: f32, in the order of the sentences"}))
    peer = PEERS[options.peer](options, options.precision)
    encoded = work.encode(options.model, options.sentences)
    places = work.batches(encoded)
    groups = [work.padded([encoded[place] for place in batch]) for batch in places]
    everything = getattr(peer, "embed_all", lambda groups: [peer.embed(*group) for group in groups])

    found = everything(groups)  # memory for every shape
    if options.embeddings:
        embeddings = numpy.zeros((len(encoded), found[0].shape[1]), numpy.float32)
        for batch, rows in zip(places, found):
            embeddings[batch] = rows
        embeddings.tofile(options.embeddings)
    passes = []
    for _ in range(2):
        begun = time.perf_counter()
        everything(groups)
        passes.append(time.perf_counter() - begun)

    single = [work.padded([ids]) for ids in encoded[::5]]
    for one in single[:20]:
        peer.embed(*one)
    latencies = []
    for one in single:
        begun = time.perf_counter()
        peer.embed(*one)
        latencies.append((time.perf_counter() - begun) * 1_000)
    latencies.sort()
    print(json.dumps({
        "version": peer.version,
        "tokensPerSecond": work.tokens(encoded) / statistics.median(passes),
        "p50Milliseconds": latencies[len(latencies) // 2],
        "p99Milliseconds": latencies[int(len(latencies) * 0.99)],
    }))


if __name__ == "__main__":
    main()
