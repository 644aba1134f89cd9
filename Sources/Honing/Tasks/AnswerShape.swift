import Corpus

/// How a client wishes its answers: the parameters of Hugging Face's pipelines.
public struct AnswerShape: Sendable, Equatable {
    /// What is done to the logits of classes; `nil` for what the task does by itself.
    public var function: ScoreFunction?
    /// So many of the best labels at most.
    public var top: Int?
    /// Whether tags are told word by word, or parts of a text that have a name as a whole; `nil` for these.
    public var aggregation: Aggregation?

    public init(function: ScoreFunction? = nil, top: Int? = nil, aggregation: Aggregation? = nil) {
        self.function = function
        self.top = top
        self.aggregation = aggregation
    }

    /// Of the first piece of each word alone anything is known, so `simple` and `first` are the same, and
    /// there is nothing to take the mean or the best of.
    public enum Aggregation: String, Sendable, CaseIterable {
        case none, simple, first
    }

    /// What a task has no use for is refused, so that nobody believes it was heeded. Of classes, others'
    /// parameters have always been passed over.
    func check(for task: TaskKind) throws(PredictionError) {
        guard task != .textClassification else { return }
        let hasLabels = task == .multiLabelClassification
        if let function, !(hasLabels && function == .sigmoid) {
            throw .otherInput(task, "no \"function_to_apply\" of \(function.rawValue), and no raw scores")
        }
        if top != nil, !hasLabels { throw .otherInput(task, "no \"top_k\"") }
        if aggregation != nil, task != .tokenClassification {
            throw .otherInput(task, "no \"aggregation_strategy\"")
        }
    }
}
