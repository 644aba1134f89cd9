/// What a model is asked to say about a text.
public enum TaskKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The one class that it belongs to.
    case textClassification = "text-classification"
    /// Each class that it belongs to: none, some or all.
    case multiLabelClassification = "multi-label-classification"
    /// A number.
    case scoring
    /// A tag for each word.
    case tokenClassification = "token-classification"
    /// The part of it that answers a question.
    case questionAnswering = "question-answering"
    /// How it goes on.
    case textGeneration = "text-generation"
}
