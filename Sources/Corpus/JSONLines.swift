import FoundationEssentials

/// Writes examples as JSON Lines, whole or not at all.
public func writeJSONLines(_ examples: [Example], to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var data = Data()
    for example in examples {
        data += try encoder.encode(Line(example))
        data.append(UInt8(ascii: "\n"))
    }
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
    var reader = RowReader(
        format: .jsonLines,
        columns: ColumnMapping(pair: "pair", time: "time", id: "id", metadata: "metadata"),
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

/// An example as it stands in a file.
private struct Line: Encodable {
    var text: String
    var pair: String?
    var label: String?
    var labels: [String]?
    var score: Double?
    var tags: [String]?
    var spans: [Target.Span]?
    var answers: [Target.Answer]?
    var time: String?
    var id: String?
    var metadata: [String: String]?

    init(_ example: Example) {
        text = example.text
        pair = example.pair
        switch example.target {
        case .label(let name): label = name
        case .labels(let names): labels = names
        case .score(let number): score = number
        case .tags(let tags): self.tags = tags
        case .spans(let spans): self.spans = spans
        case .answers(let answers): self.answers = answers
        // How a text goes on stands in the text.
        case .continuation, nil: break
        }
        time = example.observedAt?.written
        id = example.id
        metadata = example.metadata.isEmpty ? nil : example.metadata
    }
}

extension Date {
    /// In ISO 8601, to the nearest millisecond; a whole second without a fraction.
    fileprivate var written: String {
        // The style cuts what it does not write.
        let text = (self + 0.0005).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text
    }
}
