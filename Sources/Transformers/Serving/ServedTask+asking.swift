public import Corpus
public import Tensors
public import Tokenizers

/// What a model of any task says of a text.
public enum TaskAnswer: Sendable, Equatable {
    case label(Prediction)
    case labels(MultiLabelClassification.Answer)
    case score(Double)
    case tags(TokenClassification.Answer)
    case answer(QuestionAnswering.Answer)

    /// Whether two models decide alike, however sure either is; of scores, to a thousandth.
    public func agrees(with other: TaskAnswer) -> Bool {
        switch (self, other) {
        case (.label(let a), .label(let b)): a.label == b.label
        case (.labels(let a), .labels(let b)): a.labels == b.labels
        case (.score(let a), .score(let b)): abs(a - b) <= 1e-3 * max(1, abs(a))
        case (.tags(let a), .tags(let b)): a.tags == b.tags
        case (.answer(let a), .answer(let b)): a.text == b.text && a.range == b.range
        default: false
        }
    }
}

extension ServedTask {
    /// Makes a text ready to be asked about.
    ///
    /// - Parameter pair: the second text of a pair; where a question is asked, the text to look in.
    /// - Throws: `TaskError` for a question without a text, or one that leaves no room for it.
    public func ask(_ text: String, pair: String?) throws(TaskError) -> AskedText<TaskAnswer> {
        let example = Self.question(text, pair: pair, of: kind)
        switch self {
        case .label(let model): return model.ask(text, pair: pair).map { .label($0) }
        case .labels(let model): return try model.ask(example).map { .labels($0) }
        case .score(let model): return try model.ask(example).map { .score($0) }
        case .tags(let model): return try model.ask(example).map { .tags($0) }
        case .answer(let model): return try model.ask(example).map { .answer($0) }
        }
    }

    /// What the network says to each encoding: a row of logits, or one for each token, as its task reads them.
    public func logits(of batch: [Encoding]) -> [Matrix] {
        switch self {
        case .label(let model): model.logits(of: batch)
        case .labels(let model): model.logits(of: batch)
        case .score(let model): model.logits(of: batch)
        case .tags(let model): model.logits(of: batch)
        case .answer(let model): model.logits(of: batch)
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
