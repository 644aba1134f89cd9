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

/// Reads what `writeJSONLines` wrote, or any JSON Lines with `text` and `label`.
///
/// - Throws: `JSONLinesError` at the first row that cannot be used.
public func readJSONLines(from path: String) throws -> [Example] {
    let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    // What was accepted once must be readable ever after: escaped, a row may be six times as long.
    var reader = RowReader(
        format: .jsonLines,
        columns: ColumnMapping(pair: "pair", time: "time", id: "id", metadata: "metadata"),
        limits: RowLimits(maximumRowBytes: .max, maximumTextScalars: .max, maximumRows: .max))
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
    var time: String?
    var id: String?
    var metadata: [String: String]?

    init(_ example: Example) {
        text = example.text
        pair = example.pair
        label = example.label
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
