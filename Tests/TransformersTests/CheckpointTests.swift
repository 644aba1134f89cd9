import Corpus
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct CheckpointTests {
    @Test func `a checkpoint of transformers is written back with the same tensors, bit for bit`() throws {
        let scratch = try ScratchFolder()
        let checkpoint = try Checkpoint(TinyBert.folder)

        try checkpoint.write(checkpoint.classificationModel(), to: scratch.path)

        let (before, after) = try (weights(of: TinyBert.folder), weights(of: scratch.path))
        #expect(after.tensors.mapValues(\.shape) == before.tensors.mapValues(\.shape))
        for (name, tensor) in before.tensors {
            #expect(
                try after.matrix(name, shape: tensor.shape) == before.matrix(name, shape: tensor.shape),
                "\(name)")
        }
        let vocabulary = try Data(contentsOf: URL(filePath: scratch.path + "/vocab.txt"))
        #expect(try vocabulary == Data(contentsOf: URL(filePath: TinyBert.folder + "/vocab.txt")))
    }

    @Test(arguments: [Pooling.mean, .cls]) func `what is written is read again`(_ pooling: Pooling) throws {
        let scratch = try ScratchFolder()
        try TinyBert.write(pooling: pooling, to: scratch.path)

        let first = try Checkpoint(scratch.path)
        let model = try first.classificationModel()
        try first.write(model, to: scratch.path + "/again")
        let again = try Checkpoint(scratch.path + "/again").classificationModel()

        #expect(model.configuration.pooling == pooling)
        #expect(model.temperature == 1.5)
        #expect(again.configuration == model.configuration)
        for (a, b) in zip(model.parameters, again.parameters) {
            #expect(a.parameter == b.parameter)
            #expect(a.matrix == b.matrix)
        }
        #expect(
            try ContentHash.ofFile(scratch.path + "/model.safetensors")
                == ContentHash.ofFile(scratch.path + "/again/model.safetensors"))
    }

    @Test func `unknown keys of config_json survive`() throws {
        let scratch = try ScratchFolder()
        let folder = try copy(
            to: scratch, configuration: ["a_key_of_somebody_else": ["x": [1, 2.5, true, NSNull()]]])

        let checkpoint = try Checkpoint(folder)
        try checkpoint.write(checkpoint.classificationModel(), to: scratch.path + "/again")

        let (before, after) = try (json(folder), json(scratch.path + "/again"))
        let added: Set = ["hone"]
        #expect(Set(after.keys).subtracting(before.keys) == added)
        for (key, value) in before { #expect(value == after[key], "\(key)") }
    }

    // MARK: Other labels

    @Test func `the same labels in another order keep their rows`() throws {
        let checkpoint = try Checkpoint(TinyBert.folder)
        let own = try checkpoint.classificationModel().head.classifier

        let other = try checkpoint.model(for: LabelSet(names: ["positive", "negative", "neutral"]), seed: 1)

        #expect(other.head.classifier.weight[row: 0] == own.weight[row: 2])
        #expect(other.head.classifier.weight[row: 1] == own.weight[row: 0])
        #expect(other.head.classifier.weight[row: 2] == own.weight[row: 1])
        #expect(other.head.classifier.bias.values == [own.bias[0, 2], own.bias[0, 0], own.bias[0, 1]])
        #expect(other.head.pooler != nil)
    }

    @Test func `a new label gets a small row, known ones keep theirs`() throws {
        let checkpoint = try Checkpoint(TinyBert.folder)
        let own = try checkpoint.classificationModel().head.classifier

        let other = try checkpoint.model(for: LabelSet(names: ["mixed", "positive"]), seed: 1).head.classifier

        #expect(other.weight[row: 1] == own.weight[row: 2])
        #expect(other.weight[row: 0].allSatisfy { $0 != 0 && abs($0) < 0.1 })
        #expect(other.bias[0, 0] == 0)
    }

    @Test func `a base model gets a head over the mean, the same from the same seed`() throws {
        let checkpoint = try Checkpoint(TestData.baseModel())
        let labels = LabelSet(names: ["a", "b"])
        let model = try checkpoint.model(for: labels, seed: 1)
        #expect(model.configuration.pooling == .mean)
        #expect(model.head.pooler == nil)
        #expect(
            try checkpoint.model(for: labels, seed: 1).head.classifier.weight == model.head.classifier.weight)
        #expect(
            try checkpoint.model(for: labels, seed: 2).head.classifier.weight != model.head.classifier.weight)
    }

    @Test func `a base model does not serve`() throws {
        let folder = try TestData.baseModel()
        let error = #expect(throws: CheckpointError.self) { try TextClassifier(folder: folder) }
        #expect(error == .noHead(folder: folder))
    }

    // MARK: Support

    private func weights(of folder: String) throws -> Safetensors {
        try Safetensors(folder + "/model.safetensors")
    }

    private func json(_ folder: String) throws -> [String: NSObject] {
        let data = try Data(contentsOf: URL(filePath: folder + "/config.json"))
        return try JSONSerialization.jsonObject(with: data) as! [String: NSObject]
    }

    /// A copy of the tiny BERT whose configuration has other values, or lacks those that are `nil`.
    private func copy(to scratch: ScratchFolder, configuration changes: [String: Any?]) throws -> String {
        try TinyBert.copy(to: scratch.path + "/copy", changing: changes)
    }
}
