"""Exports the base model for the peers that do not read Hugging Face folders.

Makes, once, in the folder of peers' models: `model.onnx`, `fused.onnx` and `int8.onnx` for ONNX Runtime
(its own transformer fusions and dynamic quantization), `int8.xml` for OpenVINO (NNCF, calibrated on
300 of the sentences) and `ctranslate2/` (int8).
"""

import pathlib

import work


def export(options, target):
    import torch
    import transformers

    model = transformers.AutoModel.from_pretrained(
        options.model, attn_implementation="eager", dtype=torch.float32).eval()

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model  # as a child: weights of a bare closure would become constants

        def forward(self, input_ids, attention_mask, token_type_ids):
            return self.model(input_ids=input_ids, attention_mask=attention_mask,
                              token_type_ids=token_type_ids).last_hidden_state

    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.randint(1_000, 2_000, (2, 16))
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0
    torch.onnx.export(
        Hidden(), (ids, mask, torch.zeros_like(ids)), str(target), input_names=names,
        output_names=["hidden"], opset_version=17, dynamo=False,
        dynamic_axes={name: {0: "rows", 1: "tokens"} for name in [*names, "hidden"]})


def fuse(source, target):
    from onnxruntime.transformers import optimizer

    optimizer.optimize_model(
        str(source), model_type="bert", num_heads=12, hidden_size=384, opt_level=1
    ).save_model_to_file(str(target))


def quantize(source, target):
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(source, target, per_channel=True, weight_type=QuantType.QInt8,
                     extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})


def calibrate(options, source, target):
    import numpy
    import nncf
    import openvino

    encoded = work.encode(options.model, options.sentences)[:300]

    def inputs(row):
        ids, mask = work.padded([row])
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}

    model = nncf.quantize(
        openvino.Core().read_model(source), nncf.Dataset(encoded, inputs), subset_size=len(encoded),
        model_type=nncf.ModelType.TRANSFORMER, preset=nncf.QuantizationPreset.MIXED)
    openvino.save_model(model, target, compress_to_fp16=False)


def main():
    options = work.arguments(__doc__, ("--output", {"required": True, "type": pathlib.Path}))
    folder = options.output
    folder.mkdir(parents=True, exist_ok=True)
    steps = [
        ("model.onnx", lambda target: export(options, target)),
        ("fused.onnx", lambda target: fuse(folder / "model.onnx", target)),
        ("int8.onnx", lambda target: quantize(folder / "fused.onnx", target)),
        ("int8.xml", lambda target: calibrate(options, folder / "model.onnx", target)),
        ("ctranslate2", lambda target: __import__("ctranslate2").converters.TransformersConverter(
            options.model).convert(str(target), quantization="int8")),
    ]
    for name, make in steps:
        if not (folder / name).exists():
            print(f"making {name}", flush=True)
            make(folder / name)


if __name__ == "__main__":
    main()
