public import Corpus
public import Tensors
public import Tokenizers

/// A classification model that serves: an encoder and a head, immutable.
public struct TextClassifier: Sendable {
    public let labels: LabelSet
    public let encoder: TextEncoder
    private let head: SequenceClassificationHead
    private let temperature: Float

    /// Loads and compiles a model folder.
    ///
    /// - Throws: `CheckpointError`.
    public init(folder: String, precision: Precision = .f32) throws(CheckpointError) {
        try self.init(try Checkpoint(folder), precision)
    }

    /// - Parameter kept: its encoder, where that was compiled before.
    init(
        _ checkpoint: Checkpoint, _ precision: Precision, kept: CompiledEncoder? = nil
    ) throws(CheckpointError) {
        try checkpoint.checkClassifies()
        let (encoder, head): (TextEncoder, SequenceClassificationHead) = try checkpoint.compiled(
            kept, precision)
        self.init(encoder, head, checkpoint.configuration)
    }

    /// Compiles a model that is in memory, as training does to evaluate it.
    public init(
        _ model: TextClassificationModel, tokenizer: any Tokenizer, maximumLength: Int,
        precision: Precision = .f32
    ) {
        let compiled = CompiledEncoder(model.encoder, heads: model.configuration.attentionHeads, precision)
        self.init(
            TextEncoder(compiled, model.configuration, tokenizer, maximumLength: maximumLength), model.head,
            model.configuration)
    }

    /// Takes an encoder that was compiled before.
    ///
    /// - Parameter weights: SHA-256 of the checkpoint's weights.
    /// - Returns: `nil` where the cache has none.
    /// - Throws: `CheckpointError`.
    public init?(
        _ checkpoint: Checkpoint, weights: ContentHash, from cache: ServingCache, precision: Precision
    ) throws(CheckpointError) {
        guard let kept = cache.encoder(of: weights, checkpoint.configuration, precision) else { return nil }
        try self.init(checkpoint, precision, kept: kept)
    }

    private init(
        _ encoder: TextEncoder, _ head: SequenceClassificationHead, _ configuration: ModelConfiguration
    ) {
        labels = configuration.labels
        temperature = configuration.temperature
        self.encoder = encoder
        self.head = head
    }

    /// Predicts a batch, each encoding by itself. Its result is the same, bit for bit, whatever else is in the batch.
    public func predict(_ batch: [Encoding]) -> [Prediction] { logits(of: batch).map { prediction([$0]) } }

    /// Makes a text ready to be asked about.
    public func ask(_ text: String, pair: String?) -> AskedText<Prediction> {
        ask(encoder.reading.encodings(of: text, pair: pair))
    }

    /// The same for one that is tokenized: by all its encodings.
    public func ask(_ encodings: [Encoding]) -> AskedText<Prediction> {
        AskedText(encodings) { prediction($0) }
    }

    /// Predicts texts, each by all its encodings.
    public func predict(texts: [AskedText<Prediction>]) -> [Prediction] {
        texts.answers(logits(of: texts.flatMap(\.encodings)))
    }

    /// What the head makes its decisions of, [texts, d]: the texts' last hidden states, pooled.
    public func features(of batch: [Encoding]) -> Matrix { encoder.embed(batch, pooling: head.pooling) }

    func logits(of batch: [Encoding]) -> [Matrix] {
        encoder.logits(of: batch, by: head, isOfWholeText: true)
    }

    /// What the logits of a text's encodings say.
    private func prediction(_ logits: [Matrix]) -> Prediction {
        Prediction(
            logits: encoder.reading.pooled(logits)[row: 0], labels: labels, temperature: temperature)
    }
}

// What its encoder knows and does.
extension TextClassifier {
    public var maximumLength: Int { encoder.maximumLength }
    public var parameterCount: Int { encoder.parameterCount }
    public var dimension: Int { encoder.dimension }
    public var precision: Precision { encoder.precision }
    public var operationsPerToken: Double { encoder.operationsPerToken }

    /// As much of a text as is read at once; `ask` reads all that the folder says.
    public func encode(_ text: String, pair: String?) -> Encoding { encoder.encode(text, pair: pair) }

    public func embed(_ batch: [Encoding], pooling: Pooling = .mean) -> Matrix {
        encoder.embed(batch, pooling: pooling)
    }

    public func keep(in cache: ServingCache, weights: ContentHash) throws {
        try encoder.keep(in: cache, weights: weights)
    }
}
