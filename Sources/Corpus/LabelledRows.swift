import FoundationEssentials

/// The labelled rows of a file that somebody names.
///
/// The name's end says how they are written: see `DataFormat`.
public struct LabelledRows: Sendable {
    /// Rows of which is told what is true.
    public let examples: [Example]
    public let rejected: [RejectedRow]

    /// Rows with the columns `text` and `label`.
    ///
    /// - Throws: `LabelledRowsError` where not one row has a label.
    public init(file path: String) throws(LabelledRowsError) {
        try self.init(file: path, for: .textClassification)
    }

    /// - Parameter columns: what is kept beside text and truth, as `Example.metadata`.
    /// - Throws: `LabelledRowsError` where not one row is any of the task.
    public init(
        file path: String, for task: TaskKind, keeping columns: [String] = []
    ) throws(LabelledRowsError) {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped) } catch {
            throw .unreadable(file: path, why: Self.obstacle(path))
        }
        let (examples, rejected) = Self.read(data, named: path.lowercased(), task, columns)
        self.examples = examples.filter { $0.target != nil }
        self.rejected = rejected
        if self.examples.isEmpty { throw .noRows(file: path, task, first: rejected.first) }
    }

    private static func read(
        _ data: Data, named name: String, _ task: TaskKind, _ kept: [String]
    ) -> (examples: [Example], rejected: [RejectedRow]) {
        var rows: [ReadRow] = []
        // Plain text has no labels: a file that is named so holds JSON Lines, if anything.
        let named = DataFormat(ofFile: name, for: task)
        var columns = ColumnMapping(for: task)
        columns.kept = kept
        var reader = DataReader(
            named.flatMap { $0 == .text ? nil : $0 } ?? .jsonLines, columns: columns, task: task)
        reader.feed(data.span) { rows.append($0) }
        reader.finish { rows.append($0) }
        return (rows.examples, rows.rejected)
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
    case noRows(file: String, TaskKind, first: RejectedRow?)

    public var description: String {
        switch self {
        case .unreadable(let file, let why):
            "\(file) cannot be read: \(why)"
        case .noRows(let file, let task, let first):
            "\(file) has no labelled row\(first.map { " (line \($0.line): \($0.reason))" } ?? ""): "
                + task.rowsNeed
        }
    }
}

extension ColumnMapping {
    /// The columns of a file that is written for a task.
    public init(for task: TaskKind) {
        switch task {
        case .questionAnswering: self.init(text: "question", pair: "context", id: "id")
        case .scoring: self.init(label: "score", pair: "pair")
        default: self.init()
        }
    }
}

extension TaskKind {
    fileprivate var rowsNeed: String {
        switch self {
        case .textClassification: "each row needs \"text\" and \"label\""
        case .multiLabelClassification: "each row needs \"text\" and a list \"labels\""
        case .scoring: "each row needs \"text\" and a number \"score\""
        case .tokenClassification:
            "give CoNLL (a word, a tab and its tag on each line, an empty line after each sentence), "
                + "or in a .jsonl \"tokens\" and \"tags\", or \"text\" and \"spans\""
        case .questionAnswering:
            "give SQuAD's form in a .json, or in a .jsonl \"question\", \"context\" and \"answers\""
        case .textGeneration: "each row needs \"text\""
        }
    }
}
