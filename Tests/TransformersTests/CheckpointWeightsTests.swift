import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// Weights in several files, and weights that are not read.
@Suite struct CheckpointWeightsTests {
    private let scratch: ScratchFolder
    private let folder: String

    /// A tiny BERT whose tensors lie in two files.
    init() throws {
        scratch = try ScratchFolder()
        folder = scratch.path + "/model"
        try TinyBert.copy(to: folder, changing: [:])
        let whole = try Safetensors(TinyBert.folder + "/model.safetensors")
        let names = whole.tensors.keys.sorted()
        var places: [String: String] = [:]
        for (part, names) in [names.prefix(9), names.dropFirst(9)].enumerated() {
            let file = "model-0000\(part + 1)-of-00002.safetensors"
            try writeSafetensors(
                names.map {
                    ($0, whole.tensors[$0]!.shape, try whole.matrix($0, shape: whole.tensors[$0]!.shape))
                },
                to: folder + "/" + file)
            for name in names { places[name] = file }
        }
        try write(index: places)
        try FileManager.default.removeItem(atPath: folder + "/model.safetensors")
    }

    private func write(index: [String: String]) throws {
        let object: [String: Any] = ["metadata": ["total_size": 1], "weight_map": index]
        try JSONSerialization.data(withJSONObject: object).write(
            to: URL(filePath: folder + "/model.safetensors.index.json"))
    }

    private func refusal() throws -> String {
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(folder).classificationModel() }
        return error?.description ?? ""
    }

    @Test func `divided weights are those of the whole file`() throws {
        let divided = try Checkpoint(folder)
        let (a, b) = (
            try divided.classificationModel(), try Checkpoint(TinyBert.folder).classificationModel()
        )
        for (a, b) in zip(a.parameters, b.parameters) {
            #expect(a.parameter == b.parameter)
            #expect(a.matrix == b.matrix)
        }
        #expect(
            divided.weightFiles.map { URL(filePath: $0).lastPathComponent } == [
                "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
            ])
        try divided.write(a, to: scratch.path + "/whole")
        #expect(try Checkpoint(scratch.path + "/whole").weightFiles.count == 1)
    }

    @Test func `a part that is missing is named`() throws {
        try FileManager.default.removeItem(atPath: folder + "/model-00002-of-00002.safetensors")
        #expect(try refusal().contains("model-00002-of-00002.safetensors"))
    }

    @Test(arguments: ["../model/model-00001-of-00002.safetensors", ".hidden"])
    func `an index that points out of the folder is refused`(_ stray: String) throws {
        try write(index: ["bert.pooler.dense.bias": stray])
        #expect(try refusal().contains("no file of the folder"))
    }

    @Test func `an index that names a tensor where it is not is refused`() throws {
        try write(index: ["no.such.tensor": "model-00001-of-00002.safetensors"])
        #expect(try refusal().contains("no.such.tensor"))
    }

    @Test(arguments: ["", "{}", "{\"weight_map\": {}}", "[]"])
    func `what is no index is refused`(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder + "/model.safetensors.index.json"))
        #expect(try refusal().contains("weight_map"))
    }

    @Test(arguments: ["pytorch_model.bin", "pytorch_model.bin.index.json"])
    func `pickled weights are not run, and the remedy is named`(_ name: String) throws {
        try FileManager.default.removeItem(atPath: folder + "/model.safetensors.index.json")
        try Data().write(to: URL(filePath: folder + "/" + name))
        let sentence = try refusal()
        #expect(sentence.contains(name) && sentence.contains("save_pretrained"))
    }
}
