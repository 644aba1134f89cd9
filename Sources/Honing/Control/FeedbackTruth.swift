public import Corpus

/// What is true of a text, under the names that it has in rows; one of them:
///
/// ```
/// "label": "positive"
/// "labels": ["travel", "italy"]
/// "score": 0.5
/// "spans": [{"label": "LOC", "start": 3, "end": 7}]      or "tags": ["O", "B-LOC"], one for each word
/// "answers": [{"text": "Rome", "start": 3}]
/// ```
public struct FeedbackTruth: Decodable, Sendable, Equatable {
    public let target: Target

    public init(_ target: Target) {
        self.target = target
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case label, labels, score, spans, tags, answers
    }

    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: CodingKeys.self)
        let said = CodingKeys.allCases.filter(row.contains)
        guard let key = said.first else {
            throw DecodingError.keyNotFound(
                CodingKeys.label, .init(codingPath: decoder.codingPath, debugDescription: "nothing is said"))
        }
        guard said.count == 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: said[1], in: row,
                debugDescription: "a row says one thing, and \"\(key.rawValue)\" says another")
        }
        target =
            switch key {
            case .label: .label(try row.decode(String.self, forKey: key))
            case .labels: .labels(try row.decode([String].self, forKey: key))
            case .score: .score(try row.decode(Double.self, forKey: key))
            case .spans: .spans(try row.decode([Target.Span].self, forKey: key))
            case .tags: .tags(try row.decode([String].self, forKey: key))
            case .answers: .answers(try row.decode([Target.Answer].self, forKey: key))
            }
    }
}
