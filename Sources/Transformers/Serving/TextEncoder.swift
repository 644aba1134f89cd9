public import Corpus
public import Tensors
public import Tokenizers

/// Makes hidden states of texts: a tokenizer and a compiled encoder, immutable. What every model that
/// serves has below its head.
public struct TextEncoder: Sendable {
    /// Texts are cut to so many tokens, special tokens included.
    public let maximumLength: Int
    /// Of the whole model, its head included.
    public let parameterCount: Int
    /// How many numbers a hidden state has.
    public let dimension: Int
    /// Multiplications and additions that the linear layers cost a token.
    public let operationsPerToken: Double
    /// How whole texts are read that a head decides of.
    let reading: TextReading
    private let tokenizer: any Tokenizer
    private let compiled: CompiledEncoder

    init(
        _ compiled: CompiledEncoder, _ configuration: ModelConfiguration, _ tokenizer: any Tokenizer,
        maximumLength: Int
    ) {
        parameterCount = Int(configuration.parameterCount)
        dimension = configuration.hiddenSize
        operationsPerToken = configuration.operationsPerToken
        self.compiled = compiled
        self.tokenizer = tokenizer
        self.maximumLength = maximumLength
        reading = TextReading(tokenizer, maximumLength: maximumLength, windows: configuration.windows)
    }

    /// In which its products are computed.
    public var precision: Precision { compiled.precision }

    /// As much of a text as is read at once.
    public func encode(_ text: String, pair: String?) -> Encoding {
        tokenizer.encode(text, pair: pair, maximumLength: maximumLength)
    }

    /// All of a text; `nil` where it has more than `maximumLength` tokens, special tokens included.
    public func encodeWhole(_ text: String) -> Encoding? {
        let encoding = tokenizer.encode(text, pair: nil, maximumLength: maximumLength + 1)
        return encoding.ids.count > maximumLength ? nil : encoding
    }

    /// One vector for each text, [texts, d]: its last hidden states, pooled.
    ///
    /// With `cls` it is the first token's state as it is, without the layer that a classifier has above it.
    public func embed(_ batch: [Encoding], pooling: Pooling = .mean) -> Matrix {
        let rows = inPieces(batch) { piece, hidden in
            let pooled =
                pooling == .mean ? hidden.meanPooled(piece.offsets) : hidden.firstRows(piece.offsets)
            return (0..<pooled.rows).map { pooled[row: $0] }
        }
        return Matrix(rows: rows.count, columns: rows.first?.count ?? 0, values: rows.flatMap { $0 })
    }

    /// What a head says to each text of a batch. A text's result is the same, bit for bit, whatever else is
    /// in the batch.
    ///
    /// - Parameter isOfWholeText: whether the head says one row of logits for a text, or one for each token.
    func logits(of batch: [Encoding], by head: some Head, isOfWholeText: Bool) -> [Matrix] {
        inPieces(batch) { piece, hidden in
            let (logits, _) = head.forward(hidden, Pass(piece))
            return (0..<piece.offsets.count - 1).map {
                logits.rows(isOfWholeText ? $0..<$0 + 1 : piece.offsets[$0]..<piece.offsets[$0 + 1])
            }
        }
    }

    private func inPieces<Result: Sendable>(
        _ batch: [Encoding], _ body: @Sendable (TokenBatch, Matrix) -> [Result]
    ) -> [Result] {
        compiled.inPieces(batch, body)
    }

    /// Keeps what was compiled, so that the next start reads it.
    ///
    /// - Parameter weights: SHA-256 of the checkpoint's weights.
    /// - Throws: where the disk refuses it.
    public func keep(in cache: ServingCache, weights: ContentHash) throws {
        try cache.keep(compiled, of: weights)
    }
}

extension Checkpoint {
    /// Encoder and head as they serve.
    ///
    /// - Parameter kept: the encoder where it was compiled before; the head alone is read then.
    func compiled<TaskHead: Head>(
        _ kept: CompiledEncoder?, _ precision: Precision
    ) throws(CheckpointError) -> (TextEncoder, TaskHead) {
        if let kept {
            return (
                TextEncoder(kept, configuration, tokenizer, maximumLength: maximumLength), try head()
            )
        }
        let model: EncoderModel<TaskHead> = try model()
        let encoder = CompiledEncoder(model.encoder, heads: configuration.attentionHeads, precision)
        return (
            TextEncoder(encoder, configuration, tokenizer, maximumLength: maximumLength), model.head
        )
    }
}
