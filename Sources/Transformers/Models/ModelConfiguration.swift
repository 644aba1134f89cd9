public import Corpus
public import Foundation

/// `config.json` of a checkpoint: the sizes of a network, whatever its family calls them.
///
/// Keys that are not understood here are kept and written again. What Hone adds stands under one key
/// of its own, `hone`: how sentences are pooled, the temperature of the probabilities, the range
/// of scores, and the windows in which long texts are read.
public struct ModelConfiguration: Sendable, Equatable {
    public let family: ModelFamily
    public var vocabularySize: Int
    /// The width of the embeddings; ELECTRA's may be narrower than the blocks.
    public var embeddingSize: Int
    public var hiddenSize: Int
    public var layers: Int
    public var attentionHeads: Int
    public var intermediateSize: Int
    /// Rows of the table of positions.
    public var maximumPositions: Int
    /// The row of a text's first token.
    public var firstPosition: Int
    /// 0 for a family that does not tell texts of a pair apart.
    public var typeVocabularySize: Int
    /// Buckets of distances between tokens, each with a bias on attention; 0 for none.
    public var distanceBuckets: Int
    public var layerNormEpsilon: Float
    public var hiddenDropout: Float
    public var attentionDropout: Float
    /// The token that ends a text that is generated.
    public let endTokenID: Int32?
    public var task: TaskKind
    /// Empty for a model that has no head yet.
    public var labels: LabelSet
    public var pooling: Pooling
    /// What logits are divided by before softmax.
    public var temperature: Float
    /// The scores that a model of scores was taught.
    public var scoreRange: ClosedRange<Double>?
    /// How texts are read that are too long; `nil` where they are cut.
    public var windows: TextWindows?
    /// What the names of the network's tensors begin with: `bert.`, or nothing.
    public var encoderPrefix = ""
    /// Whether its head says what stands behind masks.
    var predictsMaskedTokens = false
    private var raw: [String: JSONValue]

    /// - Parameter outputs: the rows of the checkpoint's classifier; 0 where it has none.
    /// - Throws: `CheckpointError` naming the key.
    public init(parsing data: Data, file: String, outputs: Int) throws(CheckpointError) {
        try self.init(parsing: data, file: file) { $0.hasPrefix("classifier.") ? outputs : 0 }
    }

    /// - Parameter rows: how many rows a tensor of the checkpoint has; 0 for one that it lacks.
    /// - Throws: `CheckpointError` naming the key.
    init(parsing data: Data, file: String, rows: (String) -> Int) throws(CheckpointError) {
        let raw: [String: JSONValue]
        do {
            raw = try JSONDecoder().decode([String: JSONValue].self, from: data)
        } catch {
            throw .badConfiguration(file: file, reason: "it is not a JSON object")
        }
        let reader = try ConfigurationReader(file: file, raw: raw)
        family = reader.family
        vocabularySize = try reader.integer("vocab_size", 1...10_000_000)
        hiddenSize = try reader.integer("hidden_size", 1...65_536)
        embeddingSize = try reader.integer("embedding_size", 1...65_536, default: hiddenSize)
        layers = try reader.integer("num_hidden_layers", 1...1_000)
        attentionHeads = try reader.integer("num_attention_heads", 1...4_096)
        intermediateSize = try reader.integer(
            "intermediate_size", 1...1_000_000, default: family.isDecoder ? 4 * hiddenSize : nil)
        maximumPositions = try reader.integer("max_position_embeddings", 3...1_000_000)
        let padding = try reader.integer("pad_token_id", 0...10_000_000, default: 0)
        firstPosition = family.startsBehindPadding ? padding + 1 : 0
        typeVocabularySize = try reader.integer("type_vocab_size", 0...1_000, default: 2)
        distanceBuckets = try reader.integer("relative_attention_num_buckets", 0...1_024, default: 0)
        layerNormEpsilon = Float(try reader.number("layer_norm_eps", 0...1, default: 1e-12))
        hiddenDropout = Float(try reader.number("hidden_dropout_prob", 0...0.99, default: 0.1))
        attentionDropout = Float(try reader.number("attention_probs_dropout_prob", 0...0.99, default: 0.1))
        guard hiddenSize % attentionHeads == 0 else {
            throw reader.bad("hidden_size is no multiple of num_attention_heads")
        }
        guard maximumPositions >= firstPosition + 3 else {
            throw reader.bad("\"max_position_embeddings\" leaves no place behind \"pad_token_id\"")
        }
        endTokenID = raw["eos_token_id"]?.double.flatMap { Int32(exactly: $0) }
        task = try reader.task()
        let ownHead = rows(family.headTensorName("classifier.weight") ?? "classifier.weight")
        let outputs = ownHead > 0 ? ownHead : rows("classifier.weight")
        labels = try reader.labels(outputs: outputs)
        let own = raw["hone"]?.members ?? [:]
        pooling = own["pooling"]?.text.flatMap(Pooling.init) ?? (outputs > 0 ? .cls : .mean)
        temperature =
            own["temperature"]?.double.map(Float.init).flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? 1
        if let ends = own["score_range"]?.elements?.compactMap(\.double), ends.count == 2, ends[0] < ends[1] {
            scoreRange = ends[0]...ends[1]
        }
        windows = try TextWindows(
            own["windows"] ?? .null, longest: min(512, maximumPositions - firstPosition), reader)
        if rows(family.tensorName("embeddings.word_embeddings.weight", prefix: family.prefix)) > 0 {
            encoderPrefix = family.prefix
        }
        self.raw = raw
    }

    /// Whether words are scored by the table that they are read from.
    var sharesWords: Bool { raw["tie_word_embeddings"] != .bool(false) }

    /// The longest text in tokens that positions reach.
    var reach: Int { maximumPositions - firstPosition }

    /// How many numbers such a model has: in Double, since a hostile file may claim any sizes.
    var parameterCount: Double {
        let (d, m, e) = (Double(hiddenSize), Double(intermediateSize), Double(embeddingSize))
        var embedding = Double(vocabularySize + maximumPositions + typeVocabularySize) * e + 2 * e
        if embeddingSize != hiddenSize { embedding += (e + 1) * d }
        embedding += Double(distanceBuckets * attentionHeads)
        let attention = 4 * (d * d + d) + 2 * d
        let feedForward = 2 * d * m + m + d + 2 * d
        let pooler = pooling == .cls && labels.count > 0 && task.readsWholeText ? d * d + d : 0
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
        all["model_type"] = .string(family.name)
        let hasClass = pooling == .cls || !task.readsWholeText
        let head = predictsMaskedTokens ? "MaskedLM" : hasClass ? task.headName : nil
        all["architectures"] = .array([.string(family.className(head))])
        all["problem_type"] = task.problemType.map(JSONValue.string) ?? raw["problem_type"].map { _ in .null }
        all["num_labels"] = nil
        if task == .questionAnswering || predictsMaskedTokens {
            // Without names there are two outputs, as there should be: a beginning and an end. A vocabulary
            // has names of its own.
            (all["id2label"], all["label2id"]) = (nil, nil)
        } else if task != .textGeneration {
            let names = labels.names.enumerated()
            all["id2label"] = .object(
                Dictionary(uniqueKeysWithValues: names.map { ("\($0)", .string($1)) }))
            all["label2id"] = .object(
                Dictionary(uniqueKeysWithValues: names.map { ($1, .number(Double($0))) }))
        }
        var own: [String: JSONValue] = [
            "pooling": .string(pooling.rawValue), "temperature": .number(Double(temperature)),
        ]
        if let range = scoreRange, task == .scoring {
            own["score_range"] = .array([.number(range.lowerBound), .number(range.upperBound)])
        }
        if task.readsWholeText { own["windows"] = windows?.json }
        all["hone"] = .object(own)
        for key in ["dtype", "torch_dtype"] where all[key] != nil { all[key] = .string("float32") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(all)
    }
}

extension TaskKind {
    /// Whether one vector of the whole text is looked at, and not each token's.
    package var readsWholeText: Bool {
        switch self {
        case .textClassification, .multiLabelClassification, .scoring: true
        case .tokenClassification, .questionAnswering, .textGeneration: false
        }
    }

    /// `problem_type` in `config.json`; none for what `transformers` takes for granted.
    var problemType: String? {
        switch self {
        case .multiLabelClassification: "multi_label_classification"
        case .scoring: "regression"
        case .textClassification, .tokenClassification, .questionAnswering, .textGeneration: nil
        }
    }

    /// The end of the name of its class in `transformers`.
    var headName: String {
        switch self {
        case .textClassification, .multiLabelClassification, .scoring: "SequenceClassification"
        case .tokenClassification: "TokenClassification"
        case .questionAnswering: "QuestionAnswering"
        case .textGeneration: "CausalLM"
        }
    }
}
