import Corpus
import Transformers

/// What a model says about one text, in the shapes of Hugging Face's pipelines.
public enum TaskReply: Encodable, Sendable, Equatable {
    /// All classes, best first; of several classes each has a probability of its own.
    case labels([LabelScore], held: Set<String>)
    case score(Double)
    case entities([NamedEntity])
    /// Word by word.
    case words([TaggedWord])
    case answer(FoundAnswer)

    public func encode(to encoder: any Swift.Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .labels(let labels, _): try container.encode(labels)
        case .score(let score): try container.encode([LabelScore(label: "score", score: Float(score))])
        case .entities(let entities): try container.encode(entities)
        case .words(let words): try container.encode(words)
        case .answer(let answer): try container.encode(answer)
        }
    }

    /// The reply in a few words for a terminal.
    public var sentence: String {
        func points(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        func listed(_ parts: [String]) -> String { parts.isEmpty ? "-" : parts.joined(separator: ", ") }
        switch self {
        case .labels(let labels, let held):
            return listed(
                labels.filter { held.contains($0.label) }.map { "\($0.label) \(points(Double($0.score)))" })
        case .score(let score): return "\((score * 1_000).rounded() / 1_000)"
        case .entities(let entities):
            return listed(entities.map { "\($0.entityGroup) \"\($0.word)\" \(points($0.score))" })
        case .words(let words):
            return listed(words.map { "\($0.entity) \"\($0.word)\" \(points($0.score))" })
        case .answer(let answer):
            return answer.answer.isEmpty ? "-" : "\"\(answer.answer)\" \(points(answer.score))"
        }
    }
}

extension TaskReply {
    /// - Parameter labels: the names of the model's outputs.
    init(_ answer: TaskAnswer, to input: TextInput, labels: [String], _ shape: AnswerShape = AnswerShape()) {
        switch answer {
        case .label(let prediction):
            self = .labels(
                .ranked(labels, prediction.scores(shape.function ?? .softmax), top: shape.top),
                held: [prediction.label])
        case .labels(let found):
            self = .labels(.ranked(labels, found.probabilities, top: shape.top), held: found.labels)
        case .score(let score):
            self = .score(score)
        case .tags(let tags) where shape.aggregation == AnswerShape.Aggregation.none:
            self = .words(tags.words(in: input.text))
        case .tags(let tags):
            self = .entities(tags.entities(in: input.text))
        case .answer(let found):
            self = .answer(
                FoundAnswer(
                    answer: found.text, score: Double(found.probability), start: found.range.lowerBound,
                    end: found.range.upperBound))
        }
    }
}

extension PredictionReply {
    /// What a client is told of its texts.
    ///
    /// - Throws: `PredictionError.otherInput` where the task has no such shape.
    public func replies(
        to inputs: [TextInput], _ shape: AnswerShape = AnswerShape()
    ) throws(PredictionError) -> [TaskReply] {
        try shape.check(for: task)
        return zip(answers, inputs).map { TaskReply($0, to: $1, labels: labels, shape) }
    }

    /// Whether one text's reply stands in a list of its own also where only one was asked about, as that of
    /// Hugging Face's text classification does.
    public var isAlwaysListed: Bool {
        switch task {
        case .textClassification, .multiLabelClassification, .scoring, .textGeneration: true
        case .tokenClassification, .questionAnswering: false
        }
    }
}
