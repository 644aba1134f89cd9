/// What is true of a text.
public enum Target: Sendable, Hashable, Codable {
    /// The one class that it belongs to.
    case label(String)
    /// All classes that it belongs to; there may be none.
    case labels([String])
    /// A number.
    case score(Double)
    /// A tag for each of its words, words being what white space parts.
    case tags([String])
    /// Parts of it that have a name.
    case spans([Span])
    /// What answers the question in the second text of the pair, in as many forms as are right; without
    /// any, the text has no answer.
    case answers([Answer])
    /// How it goes on.
    case continuation(String)

    /// A part of a text, in Unicode scalars.
    public struct Span: Sendable, Hashable, Codable {
        public var label: String
        public var start: Int
        public var end: Int

        public init(label: String, start: Int, end: Int) {
            self.label = label
            self.start = start
            self.end = end
        }
    }

    /// A text and where it begins, in Unicode scalars.
    public struct Answer: Sendable, Hashable, Codable {
        public var text: String
        public var start: Int

        public init(text: String, start: Int) {
            self.text = text
            self.start = start
        }
    }

    /// All that it says, field by field: what makes two targets the same. A label has no empty field, the
    /// others begin with one.
    var fields: [String] {
        switch self {
        case .label(let name): [name]
        case .labels(let names): ["", "labels"] + names.sorted()
        case .score(let score): ["", "score", "\(score)"]
        case .tags(let tags): ["", "tags"] + tags
        case .spans(let spans): ["", "spans"] + spans.flatMap { [$0.label, "\($0.start)", "\($0.end)"] }
        case .answers(let answers): ["", "answers"] + answers.flatMap { [$0.text, "\($0.start)"] }
        case .continuation(let text): ["", "continuation", text]
        }
    }
}
