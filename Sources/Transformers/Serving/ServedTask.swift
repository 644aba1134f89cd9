public import Corpus
public import Tensors

/// A model folder that answers, whatever its task: which one it is stands in the folder.
public enum ServedTask: Sendable {
    case label(TextClassifier)
    case labels(CompiledTask<MultiLabelClassification, SequenceClassificationHead>)
    case score(CompiledTask<Scoring, SequenceClassificationHead>)
    case tags(CompiledTask<TokenClassification, TokenClassificationHead>)
    case answer(CompiledTask<QuestionAnswering, QuestionAnsweringHead>)

    /// Loads and compiles a model folder.
    ///
    /// - Throws: `CheckpointError`, also where the folder is of a decoder.
    public init(folder: String, precision: Precision = .f32) throws(CheckpointError) {
        try self.init(try Checkpoint(folder), precision)
    }

    public init(_ checkpoint: Checkpoint, _ precision: Precision) throws(CheckpointError) {
        try self.init(checkpoint, precision, kept: nil)
    }

    /// Takes an encoder that was compiled before.
    ///
    /// - Parameter weights: SHA-256 of the checkpoint's weights.
    /// - Returns: `nil` where the cache has none.
    /// - Throws: `CheckpointError`.
    public init?(
        _ checkpoint: Checkpoint, weights: ContentHash, from cache: ServingCache, precision: Precision
    ) throws(CheckpointError) {
        guard !checkpoint.configuration.family.isDecoder,
            let kept = cache.encoder(of: weights, checkpoint.configuration, precision)
        else { return nil }
        try self.init(checkpoint, precision, kept: kept)
    }

    private init(
        _ checkpoint: Checkpoint, _ precision: Precision, kept: CompiledEncoder?
    ) throws(CheckpointError) {
        let (tokenizer, length) = (checkpoint.tokenizer, checkpoint.maximumLength)
        let reading = checkpoint.reading()
        let labels = checkpoint.configuration.labels
        let kind = checkpoint.configuration.task
        guard labels.count > 0 || kind == .questionAnswering || kind == .textGeneration else {
            throw .noHead(folder: checkpoint.folder)
        }
        switch kind {
        case .textClassification:
            self = .label(try TextClassifier(checkpoint, precision, kept: kept))
        case .multiLabelClassification:
            let task = MultiLabelClassification(labels: labels, reading)
            self = .labels(try CompiledTask(task, of: checkpoint, precision, kept: kept))
        case .scoring:
            let task = Scoring(range: checkpoint.configuration.scoreRange ?? Scoring.anyRange, reading)
            self = .score(try CompiledTask(task, of: checkpoint, precision, kept: kept))
        case .tokenClassification:
            let task = TokenClassification(labels: labels, tokenizer: tokenizer, maximumLength: length)
            self = .tags(try CompiledTask(task, of: checkpoint, precision, kept: kept))
        case .questionAnswering:
            // Longer windows than it learned of would be new to it.
            let task = QuestionAnswering(
                tokenizer: tokenizer, maximumLength: min(length, QuestionAnswering.usualLength))
            self = .answer(try CompiledTask(task, of: checkpoint, precision, kept: kept))
        case .textGeneration:
            throw .otherTask(folder: checkpoint.folder, is: kind, asked: .textClassification)
        }
    }

    public var kind: TaskKind {
        switch self {
        case .label: .textClassification
        case .labels: .multiLabelClassification
        case .score: .scoring
        case .tags: .tokenClassification
        case .answer: .questionAnswering
        }
    }

    /// What its head stands on.
    public var encoder: TextEncoder {
        switch self {
        case .label(let model): model.encoder
        case .labels(let model): model.encoder
        case .score(let model): model.encoder
        case .tags(let model): model.encoder
        case .answer(let model): model.encoder
        }
    }

    /// The names of its outputs, in their order; none of scores and answers.
    public var labels: LabelSet {
        switch self {
        case .label(let model): model.labels
        case .labels(let model): model.task.labels
        case .tags(let model): model.task.labels
        case .score, .answer: LabelSet(names: [])
        }
    }
}
