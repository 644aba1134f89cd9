import FoundationEssentials

/// Writes examples one after the other in a form that `DataReader` reads.
public struct DataWriter: Sendable {
    public let format: DataFormat
    /// Which columns a file with a header has.
    public let columns: Columns

    /// What is to be written beside a text and its target.
    public struct Columns: Sendable, Equatable {
        public var pair = false
        public var time = false
        public var id = false
        /// Of the target.
        public var target = "label"

        public init() {}

        /// Adds what an example has.
        public mutating func widen(for example: Example) {
            pair = pair || example.pair != nil
            time = time || example.observedAt != nil
            id = id || example.id != nil
            if case .score = example.target { target = "score" }
        }
    }

    public init(_ format: DataFormat, columns: Columns) {
        self.format = format
        self.columns = columns
    }

    /// What comes before the first row.
    public var head: String {
        guard let separator = format.separator else { return "" }
        return names.joined(separator: separator) + "\n"
    }

    private var names: [String] {
        ["text"] + (columns.pair ? ["pair"] : []) + [columns.target] + (columns.time ? ["time"] : [])
            + (columns.id ? ["id"] : [])
    }

    /// A row, with the line break that ends it.
    ///
    /// - Throws: `UnwritableRow` where the form has no place for what the example says.
    public func row(_ example: Example) throws(UnwritableRow) -> String {
        switch format {
        case .jsonLines:
            return example.jsonLine + "\n"
        case .csv, .tsv:
            var fields = [example.text]
            if columns.pair { fields.append(example.pair ?? "") }
            fields.append(try targetField(example))
            if columns.time { fields.append(example.observedAt?.written ?? "") }
            if columns.id { fields.append(example.id ?? "") }
            var written: [String] = []
            for field in fields { written.append(format == .csv ? csv(field) : try tsv(field)) }
            return written.joined(separator: format.separator ?? "") + "\n"
        case .conll:
            guard case .tags(let tags) = example.target else {
                throw UnwritableRow("CoNLL has a tag for each word: rows need \"tokens\" and \"tags\"")
            }
            let words = example.text.split(whereSeparator: \.isWhitespace)
            guard words.count == tags.count else {
                throw UnwritableRow("the row has \(tags.count) tags for \(words.count) words")
            }
            return zip(words, tags).map { "\($0)\t\($1)\n" }.joined() + "\n"
        case .text:
            guard !example.text.contains(where: \.isNewline) else {
                throw UnwritableRow("the text has several lines, and here a line is a text")
            }
            return example.text + "\n"
        case .squad:
            throw UnwritableRow("SQuAD's form is read and not written: JSON Lines hold the same")
        }
    }

    private func targetField(_ example: Example) throws(UnwritableRow) -> String {
        switch example.target {
        case nil: return ""
        case .label(let name): return name
        case .score(let score): return "\(score)"
        case .labels, .tags, .spans, .answers, .continuation:
            throw UnwritableRow("columns have no place for what the row says: JSON Lines have")
        }
    }

    /// RFC 4180: quoted where it must be.
    private func csv(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }

    private func tsv(_ field: String) throws(UnwritableRow) -> String {
        guard !field.utf8.contains(where: { [0x09, 0x0A, 0x0D].contains($0) }) else {
            throw UnwritableRow("a field holds a tab or a line break, which TSV cannot: CSV can")
        }
        return field
    }
}

/// Why a form has no place for a row.
public struct UnwritableRow: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension DataFormat {
    fileprivate var separator: String? {
        switch self {
        case .csv: ","
        case .tsv: "\t"
        case .jsonLines, .conll, .squad, .text: nil
        }
    }
}
