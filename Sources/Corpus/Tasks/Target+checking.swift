extension Target {
    /// Why it cannot be true of a text, by the rules that the readers of rows hold to; `nil` where it can.
    ///
    /// - Parameter pair: the second text; of answers, the one that they stand in.
    public func problem(of text: String, pair: String?) -> String? {
        do throws(RowProblem) {
            switch self {
            case .label(let name): try Self.check(name: name)
            case .labels(let names):
                for name in names { try Self.check(name: name) }
                guard Set(names).count == names.count else { throw RowProblem("a label is named twice") }
            case .score(let score):
                guard score.isFinite else { throw RowProblem("\"score\" is no finite number") }
            case .tags(let tags): try NamedEntities.check(tags, in: text)
            case .spans(let spans): try NamedEntities.check(spans, in: text)
            case .answers(let answers):
                guard let pair, !pair.trimmingSpace.isEmpty else {
                    throw RowProblem("the text to look in is missing or empty")
                }
                for answer in answers { try Questions.check(answer, in: pair) }
            case .continuation: break
            }
            return nil
        } catch { return error.reason }
    }

    private static func check(name: String) throws(RowProblem) {
        guard !name.trimmingSpace.isEmpty, name.utf8.count <= 200 else {
            throw RowProblem("a label is empty, or longer than 200 bytes")
        }
    }
}
