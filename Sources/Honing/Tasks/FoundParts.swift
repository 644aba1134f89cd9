import Corpus
import Transformers

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
}

/// A word and its tag; places as in `NamedEntity`.
public struct TaggedWord: Codable, Sendable, Equatable {
    public var entity: String
    public var score: Double
    /// Which word of the text it is, from 1.
    public var index: Int
    public var word: String
    public var start: Int
    public var end: Int
}

/// A part of a text that answers a question; empty, at 0, where the text has no answer.
public struct FoundAnswer: Codable, Sendable, Equatable {
    public var answer: String
    public var score: Double
    public var start: Int
    public var end: Int
}

extension TokenClassification.Answer {
    func entities(in text: String) -> [NamedEntity] {
        zip(spans(in: text), Entity.all(in: tags)).map { span, entity in
            let words = probabilities[entity.words]
            return NamedEntity(
                entityGroup: span.label, score: Double(words.reduce(0, +)) / Double(max(1, words.count)),
                word: text.scalars(span.start..<span.end), start: span.start, end: span.end)
        }
    }

    /// The words that are part of anything.
    func words(in text: String) -> [TaggedWord] {
        TokenClassification.words(of: text).enumerated().compactMap { place, range in
            guard tags[place] != "O" else { return nil }
            return TaggedWord(
                entity: tags[place], score: Double(probabilities[place]), index: place + 1,
                word: text.scalars(range), start: range.lowerBound, end: range.upperBound)
        }
    }
}

extension String {
    /// Some of its Unicode scalars.
    fileprivate func scalars(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(unicodeScalars.dropFirst(range.lowerBound).prefix(range.count)))
    }
}
