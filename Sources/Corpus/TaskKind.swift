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

    /// Whether an answer is one of a few classes, right or wrong: then rows have classes, mistakes can be
    /// counted, and confidence is the probability of being right. Elsewhere an answer can be partly right.
    public var hasClasses: Bool { self == .textClassification }
}

extension Target {
    /// The task whose rows say such things.
    public var task: TaskKind {
        switch self {
        case .label: .textClassification
        case .labels: .multiLabelClassification
        case .score: .scoring
        case .tags, .spans: .tokenClassification
        case .answers: .questionAnswering
        case .continuation: .textGeneration
        }
    }

    /// What rows are grouped by: the class; the task's own word where a row has no single one.
    public var group: String {
        if case .label(let name) = self { name } else { task.rawValue }
    }
}
