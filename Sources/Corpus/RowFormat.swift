/// How labelled rows are written down.
public enum RowFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// One JSON object a line.
    case jsonLines = "jsonl"
    /// RFC 4180, the first record names the columns.
    case csv
    /// Fields between tabs, one record a line, the first names the columns. There are no quotes: a quote is a
    /// character like another (<https://www.iana.org/assignments/media-types/text/tab-separated-values>).
    case tsv

    /// Whether the first record names the columns.
    package var hasHeader: Bool { self != .jsonLines }

    /// The fields of a record of a format that has a header.
    func fields(of record: [UInt8]) throws(CSVRecord.Failure) -> [String] {
        guard self == .tsv else { return try CSVRecord.fields(of: record) }
        var fields: [String] = []
        for bytes in record.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false) {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CSVRecord.Failure(reason: "field \(fields.count + 1) is not valid UTF-8")
            }
            fields.append(text)
        }
        return fields
    }
}

/// Which column holds what. In JSON a name may be a path through nested objects: `data.text`.
public struct ColumnMapping: Sendable, Hashable, Codable {
    public var text: String
    public var label: String
    public var pair: String?
    /// ISO 8601, or seconds or milliseconds since 1970.
    public var time: String?
    public var id: String?
    /// An object whose plain members are kept as they are; JSON only.
    public var metadata: String?
    /// Columns whose plain values are kept beside it, under their own names.
    public var kept: [String]
    /// From the source's words for a label to the model's; words that are not here stay as they are.
    public var labelNames: [String: String]

    public init(
        text: String = "text", label: String = "label", pair: String? = nil, time: String? = nil,
        id: String? = nil, metadata: String? = nil, kept: [String] = [], labelNames: [String: String] = [:]
    ) {
        self.text = text
        self.label = label
        self.pair = pair
        self.time = time
        self.id = id
        self.metadata = metadata
        self.kept = kept
        self.labelNames = labelNames
    }

    /// The columns of a source of a task: where nobody named other ones, questions stand in those of SQuAD.
    public func suiting(_ task: TaskKind) -> ColumnMapping {
        guard task == .questionAnswering, text == "text", pair == nil else { return self }
        var mapping = self
        (mapping.text, mapping.pair) = ("question", "context")
        return mapping
    }
}

/// How much a source may say.
public struct RowLimits: Sendable, Hashable, Codable {
    /// Of one line or record, in bytes; what is longer is rejected without being held.
    public var maximumRowBytes: Int
    /// Of one text.
    public var maximumTextScalars: Int
    /// Rows after this many are not read.
    public var maximumRows: Int

    public init(
        maximumRowBytes: Int = 1 << 20, maximumTextScalars: Int = 100_000, maximumRows: Int = 1_000_000
    ) {
        self.maximumRowBytes = maximumRowBytes
        self.maximumTextScalars = maximumTextScalars
        self.maximumRows = maximumRows
    }
}

/// A row that cannot be used, and why.
public struct RejectedRow: Sendable, Hashable, Codable {
    /// The line that it begins on, from 1.
    public var line: Int
    public var reason: String
    /// Its beginning, at most 200 characters.
    public var excerpt: String

    public init(line: Int, reason: String, excerpt: String) {
        self.line = line
        self.reason = reason
        self.excerpt = excerpt
    }
}
