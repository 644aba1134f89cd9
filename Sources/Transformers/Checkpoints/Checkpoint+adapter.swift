import Foundation
import Tensors

extension Checkpoint {
    /// Writes what a model's adapters learned as a folder that `peft` loads over this checkpoint.
    ///
    /// The classifier goes along: for pooling `cls` among the tensors, as `peft` does with
    /// `modules_to_save`; for pooling `mean`, which no class of `transformers` has, in `head.safetensors`.
    /// Format: <https://huggingface.co/docs/peft/developer_guides/checkpoint>.
    package func writeAdapter(
        of model: TextClassificationModel, _ plan: LowRankPlan, to target: String
    ) throws(CheckpointError) {
        let prefix = "base_model.model."
        let isNative = model.configuration.pooling == .cls
        let factors = model.tensors(where: \.isAdapter)
        let head = model.tensors(where: \.isHead)
        var tensors = factors
        if isNative { tensors += head }
        var modules: Set<String> = []
        for factor in factors {
            guard let end = factor.name.firstRange(of: ".lora_")?.lowerBound else { continue }
            modules.insert(String(factor.name[..<end]))
        }
        let configuration: [String: JSONValue] = [
            "peft_type": .string("LORA"), "task_type": .string(isNative ? "SEQ_CLS" : "FEATURE_EXTRACTION"),
            "base_model_name_or_path": .string(folder), "r": .number(Double(plan.rank)),
            "lora_alpha": .number(Double(plan.alpha)), "lora_dropout": .number(0), "bias": .string("none"),
            "fan_in_fan_out": .bool(false), "inference_mode": .bool(true),
            "target_modules": .array(modules.sorted().map(JSONValue.string)),
            "modules_to_save": isNative ? .array([.string("classifier")]) : .null,
        ]
        do {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            if !isNative { try writeSafetensors(head, to: target + "/head.safetensors") }
            try writeSafetensors(
                tensors.map { (prefix + $0.name, $0.shape, $0.matrix) },
                to: target + "/adapter_model.safetensors")
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(configuration).write(
                to: URL(filePath: target + "/adapter_config.json"), options: .atomic)
        } catch let error as SafetensorsError {
            throw .weights(error)
        } catch {
            throw .unwritable(target, reason: error.localizedDescription)
        }
    }
}
