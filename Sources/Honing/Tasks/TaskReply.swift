import Corpus
import Transformers

/// What a model says about one text, in the shapes of Hugging Face's pipelines.
public enum TaskReply: Encodable, Sendable, Equatable {
    /// All classes, best first; of several classes each has a probability of its own.
    case labels([ScoredLabel], held: Set<String>)
    case score(Double)
    case entities([NamedEntity])
    case answer(FoundAnswer)

    public func encode(to encoder: any Swift.Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .labels(let labels, _): try container.encode(labels)
        case .score(let score): try container.encode([ScoredLabel(label: "score", score: score)])
        case .entities(let entities): try container.encode(entities)
        case .answer(let answer): try container.encode(answer)
        }
    }

    /// The reply in a few words for a terminal.
    public var sentence: String {
        func points(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        switch self {
        case .labels(let labels, let held):
            let shown = labels.filter { held.contains($0.label) }
            return shown.isEmpty
                ? "-" : shown.map { "\($0.label) \(points($0.score))" }.joined(separator: ", ")
        case .score(let score): return "\((score * 1_000).rounded() / 1_000)"
        case .entities(let entities):
            return entities.isEmpty
                ? "-"
                : entities.map { "\($0.entityGroup) \"\($0.word)\" \(points($0.score))" }.joined(
                    separator: ", ")
        case .answer(let answer):
            return answer.answer.isEmpty ? "-" : "\"\(answer.answer)\" \(points(answer.score))"
        }
    }
}

/// A part of a text that has a name; places count Unicode scalars, the end is behind the last one.
public struct NamedEntity: Codable, Sendable, Equatable {
    public var entityGroup: String
    /// The mean probability of its words' tags.
    public var score: Double
    public var word: String
    public var start: Int
    public var end: Int

    enum CodingKeys: String, CodingKey {
        case entityGroup = "entity_group"
        case score, word, start, end
    }

    init(_ span: Target.Span, score: Double, of text: String) {
        entityGroup = span.label
        self.score = score
        word = String(
            String.UnicodeScalarView(text.unicodeScalars.dropFirst(span.start).prefix(span.end - span.start)))
        start = span.start
        end = span.end
    }
}

/// A part of a text that answers a question; empty, at 0, where the text has no answer.
public struct FoundAnswer: Codable, Sendable, Equatable {
    public var answer: String
    public var score: Double
    public var start: Int
    public var end: Int
}
