import Corpus
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// Models as ONNX writes them. That ONNX Runtime gives the same logits for these very bytes is what
/// `Tests/Reference/onnx_export.py` has seen, which wrote their hashes down.
@Suite struct ONNXTests {
    /// What was seen to run.
    private struct Seen: Decodable {
        var sha256: [String: String]
    }

    private static let fixtures = [
        "tiny-bert", "families/distilbert", "families/electra", "families/mpnet", "families/roberta",
        "families/xlm-roberta", "heads/multi-label-classification", "heads/question-answering",
        "heads/scoring", "heads/token-classification",
    ]

    /// The file of a model folder.
    private func written(_ folder: String, to scratch: ScratchFolder, limit: Int = .max) throws -> ONNXFile {
        let files = try Checkpoint(folder).writeONNX(to: scratch.path, inlineLimit: limit)
        #expect(files.contains("model.onnx") && files.contains("config.json"))
        let there = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        #expect(there == files)
        return try ONNXFile(scratch.path + "/model.onnx")
    }

    private func expectSeen(_ name: String, _ scratch: ScratchFolder) throws {
        let seen = try JSONDecoder().decode(Seen.self, from: fixture("onnx.json"))
        #expect(
            try ContentHash.ofFile(scratch.path + "/model.onnx").hex == seen.sha256[name],
            "\(name) is other than what ONNX Runtime was seen to run: run onnx_export.py again")
    }

    @Test(arguments: fixtures) func `every family and every head is what was seen to run`(_ name: String)
        throws
    {
        let scratch = try ScratchFolder()
        let file = try written(fixturePath(name), to: scratch)

        #expect(file.faults == [])
        #expect(file.form == 8 && file.opset == 17)
        #expect(file.inputs["input_ids"] == ["batch", "sequence"])
        for constant in file.constants {
            let bytes = constant.element == 1 ? constant.raw.count : 4 * constant.integers.count
            #expect(bytes == 4 * constant.count, "\(constant.name)")
        }
        try expectSeen(name, scratch)
    }

    @Test func `parameters are those of the checkpoint`() throws {
        let scratch = try ScratchFolder()
        let file = try written(TinyBert.folder, to: scratch)
        let model = try TinyBert.model()

        func raw(_ name: String) -> [UInt8]? { file.constants.first { $0.name == name }?.raw }
        func bytes(_ values: [Float]) -> [UInt8] { unsafe values.withUnsafeBytes { unsafe Array($0) } }
        #expect(
            raw("embeddings.word_embeddings.weight") == bytes(model.encoder.embedding.word.values))
        let weight = model.head.classifier.weight
        let turned = (0..<weight.columns).flatMap { c in (0..<weight.rows).map { weight[$0, c] } }
        #expect(raw("classifier.weight.transposed") == bytes(turned))
        let parameters = model.parameters.reduce(0) { $0 + $1.matrix.count }
        let scalars = file.constants.filter { $0.element == 1 && $0.shape.isEmpty }.count
        #expect(file.constants.filter { $0.element == 1 }.reduce(0) { $0 + $1.count } == parameters + scalars)
    }

    @Test func `a mean is taken of what is no filling`() throws {
        let (source, scratch) = (try ScratchFolder(), try ScratchFolder())
        let folder = try TinyBert.copy(
            to: source.path + "/mean", changing: ["hone": ["pooling": "mean", "temperature": 1.5]])
        let file = try written(folder, to: scratch)

        #expect(file.faults == [])
        #expect(file.nodes.count { $0.operation == "ReduceSum" } == 2)
        #expect(file.outputs == ["logits": ["batch", "3"], "probabilities": ["batch", "3"]])
        try expectSeen("tiny-bert-mean", scratch)
    }

    @Test func `a network without a head gives its hidden states`() throws {
        let scratch = try ScratchFolder()
        let file = try written(TestData.baseModel(), to: scratch)

        #expect(file.faults == [])
        #expect(file.outputs == ["last_hidden_state": ["batch", "sequence", "384"]])
        #expect(Set(file.inputs.keys) == ["input_ids", "attention_mask", "token_type_ids"])
        try expectSeen("minilm", scratch)
    }

    @Test func `ports are those of the task`() throws {
        func ports(_ name: String) throws -> (Set<String>, [String: [String]]) {
            let file = try written(fixturePath(name), to: ScratchFolder())
            return (Set(file.inputs.keys), file.outputs)
        }
        let (scoreInputs, scores) = try ports("heads/scoring")
        #expect(scoreInputs == ["input_ids", "attention_mask", "token_type_ids"])
        #expect(scores == ["logits": ["batch", "1"]])
        #expect(try ports("heads/token-classification").1 == ["logits": ["batch", "sequence", "3"]])
        #expect(
            try ports("heads/question-answering").1
                == ["start_logits": ["batch", "sequence"], "end_logits": ["batch", "sequence"]])
        // Tokenizers of networks that know no types give none.
        for name in ["families/distilbert", "families/mpnet", "families/roberta"] {
            #expect(try ports(name).0 == ["input_ids", "attention_mask"])
        }
    }

    @Test func `what is too large for one message lies in a file beside`() throws {
        let (whole, divided) = (try ScratchFolder(), try ScratchFolder())
        let inline = try written(TinyBert.folder, to: whole)
        let file = try written(TinyBert.folder, to: divided, limit: 1_000)

        #expect(file.faults == [])
        let data = try Data(contentsOf: URL(filePath: divided.path + "/model.onnx_data"))
        let beside = file.constants.filter { !$0.place.isEmpty }
        #expect(beside.count > 4)
        for constant in beside {
            #expect(constant.place["location"] == "model.onnx_data" && constant.raw.isEmpty)
            let start = try #require(constant.place["offset"].flatMap(Int.init))
            let length = try #require(constant.place["length"].flatMap(Int.init))
            #expect(start % 4_096 == 0 && length == 4 * constant.count)
            let wanted = inline.constants.first { $0.name == constant.name }?.raw
            #expect(Array(data[start..<start + length]) == wanted, "\(constant.name)")
        }
        #expect(
            file.constants.filter { $0.place.isEmpty }.allSatisfy { $0.raw.count < 1_024 })
    }

    @Test func `a decoder is refused, and so is a place where nothing can be written`() throws {
        let scratch = try ScratchFolder()
        let error = #expect(throws: CheckpointError.self) {
            try Checkpoint(fixturePath("tiny-gpt2")).writeONNX(to: scratch.path)
        }
        #expect(error?.description.contains("text-generation") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)

        try Data().write(to: URL(filePath: scratch.path + "/file"))
        let other = #expect(throws: CheckpointError.self) {
            try Checkpoint(TinyBert.folder).writeONNX(to: scratch.path + "/file")
        }
        #expect(other?.description.contains("cannot be written") == true)
    }
}
