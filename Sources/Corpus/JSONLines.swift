import FoundationEssentials

/// Writes examples as JSON Lines, whole or not at all.
public func writeJSONLines(_ examples: [Example], to path: String) throws {
    var data = Data()
    for example in examples { data += Data((example.jsonLine + "\n").utf8) }
    try data.write(to: URL(filePath: path), options: .atomic)
}

/// Reads what `writeJSONLines` wrote, or any JSON Lines with `text` and what is true of it.
///
/// - Parameter task: what is looked for in the rows.
/// - Throws: `JSONLinesError` at the first row that cannot be used.
public func readJSONLines(
    from path: String, for task: TaskKind = .textClassification
) throws -> [Example] {
    let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    // What was accepted once must be readable ever after: escaped, a row may be six times as long.
    let isAsked = task == .questionAnswering
    var reader = RowReader(
        format: .jsonLines,
        columns: ColumnMapping(
            text: isAsked ? "question" : "text", pair: isAsked ? "context" : "pair", time: "time", id: "id",
            metadata: "metadata"),
        limits: RowLimits(maximumRowBytes: .max, maximumTextScalars: .max, maximumRows: .max),
        task: task)
    reader.feed(data.span)
    reader.finish()
    if let first = reader.rejected.first {
        throw JSONLinesError(file: path, line: first.line, reason: first.reason)
    }
    return reader.examples
}

/// A row of a file of our own that cannot be used.
public struct JSONLinesError: Error, Equatable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let reason: String

    public var description: String { "\(file):\(line): \(reason)" }
}

extension Example {
    /// The example as an object of one line, in the form that `RowReader` reads for its task.
    package var jsonLine: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Line(self)) else {
            preconditionFailure("texts and finite numbers are always JSON: \(self)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

/// An example as it stands in a file.
private struct Line: Encodable {
    var text: String?
    var pair: String?
    var label: String?
    var labels: [String]?
    var score: Double?
    var tokens: [String]?
    var tags: [String]?
    var spans: [Target.Span]?
    var question: String?
    var context: String?
    var answers: [Target.Answer]?
    var time: String?
    var id: String?
    var metadata: [String: String]?

    init(_ example: Example) {
        text = example.text
        pair = example.pair
        time = example.observedAt?.written
        id = example.id
        metadata = example.metadata.isEmpty ? nil : example.metadata
        switch example.target {
        case nil, .continuation: break
        case .label(let name): label = name
        case .labels(let names): labels = names
        case .score(let number): score = number
        case .tags(let names):
            tags = names
            // Where single spaces part the words, they say it all.
            let words = example.text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            if words.count == names.count { (text, tokens) = (nil, words) }
        case .spans(let parts): spans = parts
        case .answers(let found):
            (question, context, answers) = (example.text, example.pair, found)
            (text, pair) = (nil, nil)
        }
    }
}

extension Date {
    /// In ISO 8601, to the nearest millisecond; a whole second without a fraction.
    var written: String {
        // The style cuts what it does not write.
        let text = (self + 0.0005).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text
    }
}
