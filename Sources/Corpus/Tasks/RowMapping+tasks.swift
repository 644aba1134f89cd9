/// Rows of JSON whose target is no single label.
///
/// ```
/// {"text": "in Rome", "spans": [{"label": "LOC", "start": 3, "end": 7}]}
/// {"tokens": ["in", "Rome"], "tags": ["O", "B-LOC"]}
/// {"question": "Where?", "context": "in Rome", "answers": [{"text": "Rome", "start": 3}]}
/// {"text": "in Rome", "labels": ["travel", "italy"]}
/// {"text": "in Rome", "score": 0.5}
/// ```
extension RowMapping {
    /// - Throws: `RowProblem` where the row says something of the task that cannot be.
    func example(_ row: JSONValue, for task: TaskKind) throws(RowProblem) -> Example {
        switch task {
        case .tokenClassification:
            if let tokens = row.value(at: "tokens")?.elements { return try tagged(tokens, row) }
            var example = try plain(row)
            example.target = try tags(row, example.text)
            if example.target == nil { example.target = try spans(row, example.text) }
            return example
        case .questionAnswering:
            var example = try plain(row)
            guard let context = example.pair, !context.trimmingSpace.isEmpty else {
                throw RowProblem(
                    "the text to look in (column \"\(columns.pair ?? "context")\") is missing or empty")
            }
            example.target = try Questions.answers(in: row, context: context).map { .answers($0) }
            return example
        case .multiLabelClassification:
            var example = try plain(row)
            example.target = try names(row, "labels").map { .labels($0) }
            return example
        case .scoring:
            var example = try plain(row)
            if let score = try row.value(at: "score")?.number("score") { example.target = .score(score) }
            return example
        case .textClassification, .textGeneration:
            return try example { name in row.value(at: name)?.field }
        }
    }

    /// The row without its target.
    private func plain(_ row: JSONValue, text: String? = nil) throws(RowProblem) -> Example {
        try example { name in
            if name == columns.text, let text { return .text(text) }
            return name == columns.label ? nil : row.value(at: name)?.field
        }
    }

    private func tagged(_ tokens: [JSONValue], _ row: JSONValue) throws(RowProblem) -> Example {
        let words = try texts(tokens, "tokens").map(\.trimmingSpace)
        let tags = try ["tags", "ner_tags", "labels"].firstValue(in: row).map {
            name, elements throws(RowProblem) in
            try texts(elements, name)
        }
        guard let tags else { return try plain(row, text: words.joined(separator: " ")) }
        guard tags.count == words.count else {
            throw RowProblem("the row has \(tags.count) tags for \(words.count) tokens: each token needs one")
        }
        var (kept, keptTags) = ([String](), [String]())
        for (word, tag) in zip(words, tags) {
            try NamedEntities.check(tag: tag)
            guard try NamedEntities.isWord(word, tag: tag) else { continue }
            kept.append(word)
            keptTags.append(tag)
        }
        var example = try plain(row, text: kept.joined(separator: " "))
        example.target = .tags(NamedEntities.begun(keptTags))
        return example
    }

    private func tags(_ row: JSONValue, _ text: String) throws(RowProblem) -> Target? {
        guard let elements = row.value(at: "tags")?.elements else { return nil }
        let tags = try texts(elements, "tags")
        try NamedEntities.check(tags, in: text)
        return .tags(NamedEntities.begun(tags))
    }

    private func spans(_ row: JSONValue, _ text: String) throws(RowProblem) -> Target? {
        guard let (_, elements) = ["spans", "entities"].firstValue(in: row) else { return nil }
        var spans: [Target.Span] = []
        for element in elements {
            let label = ["label", "type", "entity_group", "entity"].lazy.compactMap {
                element.value(at: $0)?.text
            }
            guard let label = label.first, let start = element.value(at: "start")?.whole,
                let end = element.value(at: "end")?.whole
            else { throw RowProblem("a span needs \"label\", \"start\" and \"end\"") }
            spans.append(Target.Span(label: columns.labelNames[label] ?? label, start: start, end: end))
        }
        try NamedEntities.check(spans, in: text)
        return .spans(spans)
    }

    /// The names of a list, each once.
    private func names(_ row: JSONValue, _ column: String) throws(RowProblem) -> [String]? {
        guard let value = row.value(at: column), value != .null else { return nil }
        guard let elements = value.elements else {
            throw RowProblem("\"\(column)\" must be a list of names, such as [\"a\", \"b\"], or [] for none")
        }
        var names: [String] = []
        for name in try texts(elements, column).map(\.trimmingSpace) {
            guard !name.isEmpty, name.utf8.count <= 200 else {
                throw RowProblem("a label is empty, or longer than 200 bytes")
            }
            let known = columns.labelNames[name] ?? name
            if !names.contains(known) { names.append(known) }
        }
        return names
    }

    private func texts(_ elements: [JSONValue], _ column: String) throws(RowProblem) -> [String] {
        var texts: [String] = []
        for element in elements {
            guard let text = element.text else {
                throw RowProblem("\"\(column)\" holds something else than texts: write names, not numbers")
            }
            texts.append(text)
        }
        return texts
    }
}

extension [String] {
    /// The first of these columns that holds a list.
    fileprivate func firstValue(in row: JSONValue) -> (name: String, elements: [JSONValue])? {
        for name in self {
            if let elements = row.value(at: name)?.elements { return (name, elements) }
        }
        return nil
    }
}

extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    var whole: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }

    /// A finite number, also where it is written as a text; `nil` for null.
    func number(_ column: String) throws(RowProblem) -> Double? {
        switch self {
        case .null: return nil
        case .number(let digits): return try digits.number(column)
        case .string(let text): return try text.number(column)
        default: throw RowProblem("\"\(column)\" is no number")
        }
    }
}

extension String {
    /// The finite number that the text writes.
    func number(_ column: String) throws(RowProblem) -> Double {
        guard let number = Double(trimmingSpace), number.isFinite else {
            throw RowProblem("\"\(column)\" is \"\(prefix(40))\", which is no finite number")
        }
        return number
    }
}
