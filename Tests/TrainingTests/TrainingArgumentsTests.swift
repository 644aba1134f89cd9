import Foundation
import Testing
import Training

@Suite struct TrainingArgumentsTests {
    @Test func `they are written under Hugging Face's names`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var arguments = TrainingArguments()
        arguments.headLearningRate = 0.5
        arguments.dropout = 0.25
        let object = try JSONSerialization.jsonObject(with: encoder.encode(arguments)) as? [String: Any]
        #expect(
            object?.keys.sorted() == [
                "adam_beta1", "adam_beta2", "adam_epsilon", "dropout", "early_stopping_patience",
                "evaluations_per_epoch", "frozen_layers", "head_learning_rate", "head_only",
                "label_smoothing_factor",
                "layerwise_lr_decay", "learning_rate",
                "max_grad_norm", "max_length", "num_train_epochs", "per_device_train_batch_size", "precision",
                "seed", "tokens_per_batch", "warmup_ratio", "weight_decay",
            ])
    }

    @Test func `they are read back as they were`() throws {
        var arguments = TrainingArguments()
        arguments.seed = .max
        arguments.learningRate = 3.3e-5
        let again = try JSONDecoder().decode(TrainingArguments.self, from: JSONEncoder().encode(arguments))
        #expect(again == arguments)
    }

    @Test func `the defaults are valid`() throws {
        try TrainingArguments().validate()
    }

    private static let faults: [(String, @Sendable (inout TrainingArguments) -> Void)] = [
        ("learning_rate", { $0.learningRate = 0 }), ("learning_rate", { $0.learningRate = .nan }),
        ("head_learning_rate", { $0.headLearningRate = -1 }), ("num_train_epochs", { $0.epochs = 0 }),
        ("per_device_train_batch_size", { $0.batchSize = 0 }),
        ("tokens_per_batch", { $0.tokensPerBatch = -1 }),
        ("warmup_ratio", { $0.warmupRatio = 1.5 }), ("weight_decay", { $0.weightDecay = -0.1 }),
        ("adam_beta1", { $0.adamBeta1 = 1 }), ("adam_epsilon", { $0.adamEpsilon = 0 }),
        ("dropout", { $0.dropout = 1 }),
        ("max_grad_norm", { $0.maxGradNorm = .nan }), ("max_length", { $0.maximumLength = 2 }),
        ("evaluations_per_epoch", { $0.evaluationsPerEpoch = 0 }),
        ("early_stopping_patience", { $0.earlyStoppingPatience = 0 }),
        ("frozen_layers", { $0.frozenLayers = -1 }), ("layerwise_lr_decay", { $0.layerwiseDecay = 0 }),
        ("distillation", { $0.distillation = Distillation(weight: -1, rows: 1) }),
        ("distillation", { $0.distillation = Distillation(weight: 1, rows: -1) }),
    ]

    @Test(arguments: faults.indices) func `a value out of its range is named with the range`(_ index: Int) {
        let (name, change) = Self.faults[index]
        var arguments = TrainingArguments()
        change(&arguments)
        let error = #expect(throws: TrainingError.self) { try arguments.validate() }
        #expect(error?.description.contains("\(name) is out of its range: it must be ") ?? false)
    }
}
