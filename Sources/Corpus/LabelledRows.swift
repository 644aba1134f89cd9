import FoundationEssentials

/// The labelled rows of a file that somebody names: JSON Lines, or CSV where its name ends in `.csv`,
/// with the columns `text` and `label`.
public struct LabelledRows: Sendable {
    /// Rows that have a label.
    public let examples: [Example]
    public let rejected: [RejectedRow]

    /// - Throws: `LabelledRowsError` where not one row has a label.
    public init(file path: String) throws(LabelledRowsError) {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped) } catch {
            throw .unreadable(file: path, why: Self.obstacle(path))
        }
        let format: RowFormat = path.lowercased().hasSuffix(".csv") ? .csv : .jsonLines
        let (examples, rejected) = RowReader(format: format, columns: ColumnMapping()).read(data.span)
        self.examples = examples.filter { $0.label != nil }
        self.rejected = rejected
        if self.examples.isEmpty { throw .noRows(file: path, first: rejected.first) }
    }

    private static func obstacle(_ path: String) -> String {
        // Whose rights count is worth a word: a running daemon reads as another user than its operator.
        let user = ProcessInfo.processInfo.userName
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else {
            return "it does not exist, or its folder is closed to user \(user)"
        }
        return facts[.type] as? FileAttributeType == .typeDirectory
            ? "it is a folder" : "user \(user) may not read it"
    }
}

/// Why a file has no labelled rows to give.
public enum LabelledRowsError: Error, Equatable, CustomStringConvertible {
    case unreadable(file: String, why: String)
    case noRows(file: String, first: RejectedRow?)

    public var description: String {
        switch self {
        case .unreadable(let file, let why):
            "\(file) cannot be read: \(why)"
        case .noRows(let file, let first):
            "\(file) has no labelled row\(first.map { " (line \($0.line): \($0.reason))" } ?? ""): "
                + "each row needs \"text\" and \"label\""
        }
    }
}
