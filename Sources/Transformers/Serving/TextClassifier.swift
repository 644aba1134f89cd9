public import Corpus
import Synchronization
public import Tensors
public import Tokenizers

/// A classification model that serves: a tokenizer and a compiled network, immutable.
public struct TextClassifier: Sendable {
    public let labels: LabelSet
    /// Texts are cut to so many tokens, special tokens included.
    public let maximumLength: Int
    public let parameterCount: Int
    /// How many numbers a vector of `embed` has.
    public let dimension: Int
    /// In which the encoder's products are computed.
    public var precision: Precision { encoder.precision }
    /// Multiplications and additions that the encoder's linear layers cost a token.
    public let operationsPerToken: Double
    private let tokenizer: any Tokenizer
    private let encoder: CompiledEncoder
    private let head: SequenceClassificationHead
    private let temperature: Float

    /// Tokens of one piece of work: larger ones do not help, smaller ones cost.
    private static let pieceTokens = 128

    /// Loads and compiles a model folder.
    ///
    /// - Throws: `CheckpointError`.
    public init(folder: String, precision: Precision = .f32) throws(CheckpointError) {
        let checkpoint = try Checkpoint(folder)
        self.init(
            try checkpoint.classificationModel(), tokenizer: checkpoint.tokenizer,
            maximumLength: checkpoint.maximumLength, precision: precision)
    }

    /// Compiles a model that is in memory, as training does to evaluate it.
    public init(
        _ model: TextClassificationModel, tokenizer: any Tokenizer, maximumLength: Int,
        precision: Precision = .f32
    ) {
        self.init(
            CompiledEncoder(model.encoder, heads: model.configuration.attentionHeads, precision), model.head,
            model.configuration, tokenizer, maximumLength)
    }

    /// Takes an encoder that was compiled before.
    ///
    /// - Parameter weights: SHA-256 of the checkpoint's weights.
    /// - Returns: `nil` where the cache has none.
    /// - Throws: `CheckpointError`.
    public init?(
        _ checkpoint: Checkpoint, weights: ContentHash, from cache: ServingCache, precision: Precision
    ) throws(CheckpointError) {
        guard let encoder = cache.encoder(of: weights, checkpoint.configuration, precision) else {
            return nil
        }
        self.init(
            encoder, try checkpoint.head(), checkpoint.configuration, checkpoint.tokenizer,
            checkpoint.maximumLength)
    }

    private init(
        _ encoder: CompiledEncoder, _ head: SequenceClassificationHead, _ configuration: ModelConfiguration,
        _ tokenizer: any Tokenizer, _ maximumLength: Int
    ) {
        labels = configuration.labels
        temperature = configuration.temperature
        parameterCount = Int(configuration.parameterCount)
        dimension = configuration.hiddenSize
        operationsPerToken = configuration.operationsPerToken
        self.encoder = encoder
        self.head = head
        self.tokenizer = tokenizer
        self.maximumLength = maximumLength
    }

    /// Keeps what was compiled, so that the next start reads it.
    ///
    /// - Parameter weights: SHA-256 of the checkpoint's weights.
    /// - Throws: where the disk refuses it.
    public func keep(in cache: ServingCache, weights: ContentHash) throws {
        try cache.keep(encoder, of: weights)
    }

    public func encode(_ text: String, pair: String?) -> Encoding {
        tokenizer.encode(text, pair: pair, maximumLength: maximumLength)
    }

    /// All of a text; `nil` where it has more than `maximumLength` tokens, special tokens included.
    public func encodeWhole(_ text: String) -> Encoding? {
        let encoding = tokenizer.encode(text, pair: nil, maximumLength: maximumLength + 1)
        return encoding.ids.count > maximumLength ? nil : encoding
    }

    /// Predicts a batch. A text's result is the same, bit for bit, whatever else is in the batch.
    public func predict(_ batch: [Encoding]) -> [Prediction] {
        inPieces(batch) { piece, hidden in
            let (logits, _) = head.forward(hidden, Pass(piece))
            return (0..<logits.rows).map {
                Prediction(logits: logits[row: $0], labels: labels, temperature: temperature)
            }
        }
    }

    /// What the head makes its decisions of, [texts, d]: the texts' last hidden states, pooled.
    public func features(of batch: [Encoding]) -> Matrix { embed(batch, pooling: head.pooling) }

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

    /// Cuts a batch into pieces of about equal work, one thread for each, and puts the results back in order.
    private func inPieces<Result: Sendable>(
        _ batch: [Encoding], _ body: @Sendable (TokenBatch, Matrix) -> [Result]
    ) -> [Result] {
        let pieces = Self.pieces(of: batch.map(\.ids.count), threads: ThreadPool.shared.threads)
        guard pieces.count > 1 else {
            guard !batch.isEmpty else { return [] }
            let all = TokenBatch(batch)
            return body(all, encoder(all))
        }
        let results = Mutex([[Result]?](repeating: nil, count: pieces.count))
        ThreadPool.shared.parallel(pieces.count) { index in
            let piece = TokenBatch(pieces[index].map { batch[$0] })
            let answers = body(piece, encoder(piece))
            results.withLock { $0[index] = answers }
        }
        return results.withLock { $0.flatMap { $0 ?? [] } }
    }

    /// Consecutive texts of about `pieceTokens` tokens each, and as many pieces for each thread: one over
    /// would leave all threads but one idle while it is worked on.
    package static func pieces(of lengths: [Int], threads: Int) -> [Range<Int>] {
        let total = lengths.reduce(0, +)
        guard lengths.count > 1, total > 64 else { return lengths.isEmpty ? [] : [0..<lengths.count] }
        let rounds = max(1, (total + threads * pieceTokens / 2) / (threads * pieceTokens))
        let count = min(lengths.count, threads * rounds)
        let goal = Double(total) / Double(count)
        var pieces: [Range<Int>] = []
        var start = 0
        var sum = 0
        for (index, length) in lengths.enumerated() {
            sum += length
            if Double(sum) >= goal * Double(pieces.count + 1) || index == lengths.count - 1 {
                pieces.append(start..<index + 1)
                start = index + 1
            }
        }
        return pieces
    }
}
