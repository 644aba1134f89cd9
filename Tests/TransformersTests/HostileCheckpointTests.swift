import Corpus
import Foundation
import TestSupport
import Testing
import Transformers

/// Folders that are not what they say: each is refused with a sentence, none brings the process down.
@Suite struct HostileCheckpointTests {
    private let scratch: ScratchFolder
    private let folder: String

    init() throws {
        scratch = try ScratchFolder()
        folder = scratch.path + "/model"
    }

    private func refusal() throws -> String {
        let error = #expect(throws: CheckpointError.self) { try TextClassifier(folder: folder) }
        return error?.description ?? ""
    }

    @Test(arguments: [
        ("hidden_size", "17"), ("hidden_size", "\"16\""), ("hidden_size", "-16"), ("hidden_size", "1e300"),
        ("num_attention_heads", "0"), ("num_attention_heads", "3"), ("vocab_size", "\"many\""),
        ("num_hidden_layers", "1.5"), ("num_hidden_layers", "null"), ("max_position_embeddings", "0"),
        ("model_type", "\"t5\""), ("hidden_act", "\"relu\""),
        ("position_embedding_type", "\"relative_key\""),
        ("problem_type", "\"regression\""), ("is_decoder", "true"), ("layer_norm_eps", "\"tiny\""),
        ("hidden_dropout_prob", "1"), ("id2label", "{\"0\":\"a\",\"2\":\"b\",\"3\":\"c\"}"),
        ("id2label", "{\"0\":\"a\",\"1\":\"a\",\"2\":\"b\"}"), ("id2label", "{\"0\":\"a\",\"1\":\"b\"}"),
        ("id2label", "{\"0\":\"a\",\"1\":2,\"2\":\"b\"}"),
    ])
    func `a senseless value in config_json is refused by its key`(_ change: (key: String, value: String))
        throws
    {
        let value = try JSONSerialization.jsonObject(
            with: Data(change.value.utf8), options: .fragmentsAllowed)
        try TinyBert.copy(to: folder, changing: [change.key: value])
        let sentence = try refusal()
        #expect(sentence.contains(folder + "/config.json"))
        #expect(sentence.contains(change.key), "\(sentence)")
    }

    @Test(arguments: [
        "vocab_size", "hidden_size", "num_hidden_layers", "intermediate_size", "num_attention_heads",
    ])
    func `a missing key is named`(_ key: String) throws {
        try TinyBert.copy(to: folder, changing: [key: nil])
        #expect(try refusal().contains("\"\(key)\" is missing"))
    }

    @Test(arguments: ["", "{", "[]", "null", "7", "{\"vocab_size\":", String(repeating: "[", count: 100_000)])
    func `what is no JSON object is no configuration`(_ text: String) throws {
        try TinyBert.copy(to: folder, changing: [:])
        try Data(text.utf8).write(to: URL(filePath: folder + "/config.json"))
        #expect(try refusal().contains("not a JSON object"))
    }

    @Test(arguments: [
        ["hidden_size": 65_536], ["num_hidden_layers": 1_000], ["vocab_size": 10_000_000],
        ["intermediate_size": 1_000_000], ["max_position_embeddings": 1_000_000],
    ])
    func `a configuration that claims more than the file holds costs no memory`(_ changes: [String: Int])
        throws
    {
        try TinyBert.copy(to: folder, changing: changes)
        let sentence = try refusal()
        #expect(sentence.contains("belong to different models"))
    }

    @Test func `a smaller model than the file holds is refused with both shapes`() throws {
        try TinyBert.copy(to: folder, changing: ["intermediate_size": 23])
        let sentence = try refusal()
        #expect(
            sentence.contains("intermediate.dense.weight") && sentence.contains("[24, 16]")
                && sentence.contains("[23, 16]"))
    }

    @Test func `a tokenizer with more words than the model embeds is refused`() throws {
        try TinyBert.copy(to: folder, changing: ["vocab_size": 12])
        #expect(try refusal().contains("the tokenizer has 16 tokens, the model embeds only 12"))
    }

    @Test func `truncated weights are refused at every length`() throws {
        try TinyBert.copy(to: folder, changing: [:])
        let file = folder + "/model.safetensors"
        let whole = try Data(contentsOf: URL(filePath: file))
        for length in stride(from: 0, to: whole.count, by: 499) {
            try whole.prefix(length).write(to: URL(filePath: file))
            #expect(throws: CheckpointError.self) { try Checkpoint(folder).classificationModel() }
        }
    }

    @Test func `weights that are no numbers are refused by name`() throws {
        try TinyBert.copy(to: folder, changing: [:])
        let file = URL(filePath: folder + "/model.safetensors")
        var bytes = try Data(contentsOf: file)
        bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
        try bytes.write(to: file)
        #expect(try refusal().contains("not finite"))
    }

    @Test func `weights of another type are refused by name`() throws {
        try TinyBert.copy(to: folder, changing: [:])
        let file = URL(filePath: folder + "/model.safetensors")
        var bytes = try Data(contentsOf: file)
        let range = try #require(bytes.range(of: Data("\"F32\"".utf8)))
        bytes.replaceSubrange(range, with: Data("\"I32\"".utf8))
        try bytes.write(to: file)
        #expect(try refusal().contains("I32"))
    }

    @Test func `a missing tensor is named`() throws {
        try TinyBert.copy(to: folder, changing: [:])
        let file = URL(filePath: folder + "/model.safetensors")
        var bytes = try Data(contentsOf: file)
        let range = try #require(bytes.range(of: Data("pooler.dense.bias".utf8)))
        bytes.replaceSubrange(range, with: Data("pooler.dense.bios".utf8))
        try bytes.write(to: file)
        #expect(try refusal().contains("bert.pooler.dense.bias"))
    }

    @Test(arguments: ["config.json", "model.safetensors", "vocab.txt"])
    func `a missing file is named with what belongs there`(_ name: String) throws {
        try TinyBert.copy(to: folder, changing: [:])
        try FileManager.default.removeItem(atPath: folder + "/" + name)
        let sentence = try refusal()
        #expect(sentence.contains(folder) && sentence.contains(name))
    }

    @Test func `a folder that cannot be written is said to be so`() throws {
        let checkpoint = try Checkpoint(TinyBert.folder)
        let model = try checkpoint.classificationModel()
        let error = #expect(throws: CheckpointError.self) {
            try checkpoint.write(model, to: "/proc/hone/model")
        }
        #expect(error?.description.contains("/proc/hone/model") ?? false)
    }

    @Test func `labels that nobody named are numbered as transformers does`() throws {
        try TinyBert.copy(to: folder, changing: ["id2label": nil, "label2id": nil])
        #expect(try TextClassifier(folder: folder).labels.names == ["LABEL_0", "LABEL_1", "LABEL_2"])
    }
}
