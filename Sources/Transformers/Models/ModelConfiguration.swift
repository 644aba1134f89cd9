public import Corpus
public import Foundation

/// `config.json` of a BERT checkpoint, under Hugging Face's names.
///
/// Keys that are not understood here are kept and written again. What Hone adds stands under one key
/// of its own, `hone`: how sentences are pooled, and the temperature of the probabilities.
public struct ModelConfiguration: Sendable, Equatable {
    public var vocabularySize: Int
    public var hiddenSize: Int
    public var layers: Int
    public var attentionHeads: Int
    public var intermediateSize: Int
    public var maximumPositions: Int
    public var typeVocabularySize: Int
    public var layerNormEpsilon: Float
    public var hiddenDropout: Float
    public var attentionDropout: Float
    /// Empty for a model that has no head yet.
    public var labels: LabelSet
    public var pooling: Pooling
    /// What logits are divided by before softmax.
    public var temperature: Float
    /// What the names of the encoder's tensors begin with: `bert.`, or nothing.
    public var encoderPrefix = ""
    private var raw: [String: JSONValue]

    /// - Parameter outputs: the rows of the checkpoint's classifier; 0 where it has none.
    /// - Throws: `CheckpointError` naming the key.
    public init(parsing data: Data, file: String, outputs: Int) throws(CheckpointError) {
        let raw: [String: JSONValue]
        do {
            raw = try JSONDecoder().decode([String: JSONValue].self, from: data)
        } catch {
            throw .badConfiguration(file: file, reason: "it is not a JSON object")
        }
        let reader = Reader(file: file, raw: raw)
        try reader.refuseOtherArchitectures()
        vocabularySize = try reader.integer("vocab_size", 1...10_000_000)
        hiddenSize = try reader.integer("hidden_size", 1...65_536)
        layers = try reader.integer("num_hidden_layers", 1...1_000)
        attentionHeads = try reader.integer("num_attention_heads", 1...4_096)
        intermediateSize = try reader.integer("intermediate_size", 1...1_000_000)
        maximumPositions = try reader.integer("max_position_embeddings", 3...1_000_000)
        typeVocabularySize = try reader.integer("type_vocab_size", 1...1_000, default: 2)
        layerNormEpsilon = Float(try reader.number("layer_norm_eps", 0...1, default: 1e-12))
        hiddenDropout = Float(try reader.number("hidden_dropout_prob", 0...0.99, default: 0.1))
        attentionDropout = Float(try reader.number("attention_probs_dropout_prob", 0...0.99, default: 0.1))
        guard hiddenSize % attentionHeads == 0 else {
            throw reader.bad("hidden_size is no multiple of num_attention_heads")
        }
        labels = try reader.labels(outputs: outputs)
        let own = raw["hone"]?.members ?? [:]
        pooling = own["pooling"]?.text.flatMap(Pooling.init) ?? (outputs > 0 ? .cls : .mean)
        temperature =
            own["temperature"]?.double.map(Float.init).flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? 1
        self.raw = raw
    }

    /// How many numbers such a model has: in Double, since a hostile file may claim any sizes.
    var parameterCount: Double {
        let (d, m) = (Double(hiddenSize), Double(intermediateSize))
        let embedding = Double(vocabularySize + maximumPositions + typeVocabularySize) * d + 2 * d
        let attention = 4 * (d * d + d) + 2 * d
        let feedForward = 2 * d * m + m + d + 2 * d
        let pooler = pooling == .cls && labels.count > 0 ? d * d + d : 0
        return embedding + Double(layers) * (attention + feedForward) + pooler + Double(labels.count)
            * (d + 1)
    }

    /// Multiplications and additions that the linear layers of all blocks cost a token: two a weight.
    var operationsPerToken: Double {
        let (d, m) = (Double(hiddenSize), Double(intermediateSize))
        return 2 * Double(layers) * (4 * d * d + 2 * d * m)
    }

    /// The bytes of `config.json`, keys sorted.
    public func encoded() throws -> Data {
        var all = raw
        let names = labels.names
        all["model_type"] = .string("bert")
        all["architectures"] = .array([
            .string(pooling == .cls ? "BertForSequenceClassification" : "BertModel")
        ])
        all["num_labels"] = nil
        all["id2label"] = .object(
            Dictionary(uniqueKeysWithValues: names.enumerated().map { ("\($0)", .string($1)) }))
        all["label2id"] = .object(
            Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, .number(Double($0))) }))
        all["hone"] = .object([
            "pooling": .string(pooling.rawValue), "temperature": .number(Double(temperature)),
        ])
        for key in ["dtype", "torch_dtype"] where all[key] != nil { all[key] = .string("float32") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(all)
    }
}

/// Takes values out of a parsed `config.json`, and says which key is wrong.
private struct Reader {
    let file: String
    let raw: [String: JSONValue]

    func bad(_ reason: String) -> CheckpointError { .badConfiguration(file: file, reason: reason) }

    func number(
        _ key: String, _ range: ClosedRange<Double>, default: Double? = nil
    ) throws(CheckpointError) -> Double {
        guard let value = raw[key] else {
            guard let `default` else { throw bad("\"\(key)\" is missing") }
            return `default`
        }
        guard case .number(let found) = value, range.contains(found) else {
            throw bad("\"\(key)\" must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return found
    }

    func integer(
        _ key: String, _ range: ClosedRange<Int>, default: Int? = nil
    ) throws(CheckpointError) -> Int {
        guard let value = raw[key] else {
            guard let `default` else { throw bad("\"\(key)\" is missing") }
            return `default`
        }
        guard case .number(let found) = value, let whole = Int(exactly: found), range.contains(whole) else {
            throw bad("\"\(key)\" must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    /// A network that is not quite BERT would load and answer nonsense.
    func refuseOtherArchitectures() throws(CheckpointError) {
        for (key, supported) in [
            ("model_type", "bert"), ("hidden_act", "gelu"), ("position_embedding_type", "absolute"),
            ("problem_type", "single_label_classification"),
        ] {
            guard let value = raw[key], value != .null, value != .string(supported) else { continue }
            let found = value.text.map { "\"\($0)\"" } ?? "what it holds"
            throw bad("\"\(key)\" is \(found); only \"\(supported)\" is supported")
        }
        for key in ["is_decoder", "add_cross_attention"] where raw[key] == .bool(true) {
            throw bad("\"\(key)\" is true; only encoders are supported")
        }
    }

    /// `{"0": "negative", "1": "positive"}` in the order of the numbers; without it LABEL_0, LABEL_1 …
    /// as `transformers` names them.
    func labels(outputs: Int) throws(CheckpointError) -> LabelSet {
        guard outputs > 0 else { return LabelSet(names: []) }
        guard let members = raw["id2label"]?.members else {
            return LabelSet(names: (0..<outputs).map { "LABEL_\($0)" })
        }
        let names = members.compactMap { key, value in
            Int(key).flatMap { index in value.text.map { (index, $0) } }
        }
        .sorted { $0.0 < $1.0 }
        guard names.count == members.count, names.map(\.0) == Array(names.indices),
            Set(names.map(\.1)).count == names.count
        else { throw bad("\"id2label\" does not number different labels from 0") }
        guard names.count == outputs else {
            throw bad("\"id2label\" names \(names.count) labels, the classifier has \(outputs) outputs")
        }
        return LabelSet(names: names.map(\.1))
    }
}
