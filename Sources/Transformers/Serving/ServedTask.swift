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
        let checkpoint = try Checkpoint(folder)
        let (tokenizer, length) = (checkpoint.tokenizer, checkpoint.maximumLength)
        let labels = checkpoint.configuration.labels
        let kind = checkpoint.configuration.task
        guard labels.count > 0 || kind == .questionAnswering || kind == .textGeneration else {
            throw .noHead(folder: folder)
        }
        switch kind {
        case .textClassification:
            self = .label(try TextClassifier(folder: folder, precision: precision))
        case .multiLabelClassification:
            let task = MultiLabelClassification(labels: labels, tokenizer: tokenizer, maximumLength: length)
            self = .labels(try CompiledTask(task, of: checkpoint, precision))
        case .scoring:
            let task = Scoring(
                range: checkpoint.configuration.scoreRange ?? Scoring.anyRange, tokenizer: tokenizer,
                maximumLength: length)
            self = .score(try CompiledTask(task, of: checkpoint, precision))
        case .tokenClassification:
            let task = TokenClassification(labels: labels, tokenizer: tokenizer, maximumLength: length)
            self = .tags(try CompiledTask(task, of: checkpoint, precision))
        case .questionAnswering:
            // Longer windows than it learned of would be new to it.
            let task = QuestionAnswering(
                tokenizer: tokenizer, maximumLength: min(length, QuestionAnswering.usualLength))
            self = .answer(try CompiledTask(task, of: checkpoint, precision))
        case .textGeneration:
            throw .badConfiguration(
                file: folder + "/config.json",
                reason: "the model generates text; only encoders answer about texts")
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

    /// A text as an example that nobody has answered yet: its target is of the task, and is not looked at.
    public static func question(_ text: String, pair: String?, of kind: TaskKind) -> Example {
        let target: Target? =
            switch kind {
            case .multiLabelClassification: .labels([])
            case .scoring: .score(0)
            case .tokenClassification: .spans([])
            case .questionAnswering: .answers([])
            case .textClassification, .textGeneration: nil
            }
        return Example(text: text, pair: pair, target: target)
    }
}
