public import Corpus
import Synchronization
public import Tensors
public import Tokenizers

/// What a model says about one text.
public struct Prediction: Sendable, Codable, Equatable {
    /// The most probable label.
    public let label: String
    /// Its probability.
    public let confidence: Float
    /// For each label, in the order of the label set; they add up to one.
    public let probabilities: [Float]
    /// Before temperature and softmax.
    public let logits: [Float]
}

/// A classification model that serves: a tokenizer and a compiled network, immutable.
public struct TextClassifier: Sendable {
    public let labels: LabelSet
    /// Texts are cut to so many tokens, special tokens included.
    public let maximumLength: Int
    public let parameterCount: Int
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
        labels = model.configuration.labels
        temperature = model.configuration.temperature
        encoder = CompiledEncoder(
            model.encoder, heads: model.configuration.attentionHeads, precision)
        head = model.head
        parameterCount = model.parameters.reduce(0) { $0 + $1.matrix.count }
        operationsPerToken = model.configuration.operationsPerToken
        self.tokenizer = tokenizer
        self.maximumLength = maximumLength
    }

    public func encode(_ text: String, pair: String?) -> Encoding {
        tokenizer.encode(text, pair: pair, maximumLength: maximumLength)
    }

    /// Predicts a batch. A text's result is the same, bit for bit, whatever else is in the batch.
    public func predict(_ batch: [Encoding]) -> [Prediction] {
        inPieces(batch) { piece, hidden in
            let (logits, _) = head.forward(hidden, Pass(piece))
            return (0..<logits.rows).map { prediction(logits[row: $0]) }
        }
    }

    /// The mean of each text's last hidden states, [texts, d].
    public func embed(_ batch: [Encoding]) -> Matrix {
        let rows = inPieces(batch) { piece, hidden in
            let pooled = hidden.meanPooled(piece.offsets)
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

    /// Consecutive texts of about `pieceTokens` tokens each, and at least a piece for each thread.
    package static func pieces(of lengths: [Int], threads: Int) -> [Range<Int>] {
        let total = lengths.reduce(0, +)
        guard lengths.count > 1, total > 64 else { return lengths.isEmpty ? [] : [0..<lengths.count] }
        let count = min(lengths.count, max(threads, (total + pieceTokens - 1) / pieceTokens))
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

    private func prediction(_ logits: [Float]) -> Prediction {
        let scaled = logits.map { Double($0 / temperature) }
        // The true maximum: subtracting anything else overflows for logits such as [-100, 1].
        let top = scaled.max() ?? 0
        let weights = scaled.map { exponential($0 - top) }
        let total = weights.reduce(0, +)
        let probabilities = weights.map { Float($0 / total) }
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        return Prediction(
            label: labels.names[best], confidence: probabilities[best], probabilities: probabilities,
            logits: logits)
    }
}
