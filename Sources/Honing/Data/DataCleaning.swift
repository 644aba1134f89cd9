public import Corpus

/// A file of rows without those that repeat others: `hone data dedupe`.
public struct DataCleaning: Codable, Sendable, Equatable {
    public var file: String
    public var kept = 0
    public var rejected = 0
    /// Rows that were there before.
    public var exact = 0
    /// Rows that are nearly one that was there before and say the same.
    public var near = 0
    /// Rows whose text, or nearly it, is in the other file, whatever they say of it.
    public var leaked = 0
    /// Rows with a text that was there before and another target.
    public var contradicting = 0

    /// Writes the rows that stay.
    ///
    /// - Parameters:
    ///   - keepsContradictions: whether rows stay that say another thing about a text that was there before.
    ///   - path: `nil` for standard output.
    /// - Throws: `DataError`.
    public init(
        _ file: DataFile, against other: DataFile?, threshold: Double?, keepsContradictions: Bool,
        to path: String?, progress: @escaping (DataFile.Progress) -> Void = { _ in }
    ) throws {
        self.file = file.name
        var sink = try RowSink(path)
        defer { sink.abandon() }
        var scan = DuplicateScan(file, against: other, threshold: threshold, progress: progress)
        var counts = self
        try scan.run(header: { try sink.write(file.copiedHeader($0)) }) { row, repetition in
            guard case .example(let example) = row.content else {
                counts.rejected += 1
                return
            }
            guard counts.stays(repetition, keepsContradictions) else { return }
            try sink.write(row: file.copy(of: row, example))
            counts.kept += 1
        }
        try sink.finish()
        self = counts
    }

    private mutating func stays(_ repetition: Repetition?, _ keepsContradictions: Bool) -> Bool {
        guard let repetition else { return true }
        switch (repetition.isInOther, repetition.isExact, repetition.hasSameTarget) {
        case (true, _, _): leaked += 1
        case (false, true, true): exact += 1
        case (false, false, true): near += 1
        case (false, true, false):
            contradicting += 1
            return keepsContradictions
        // A word may be all the difference between what is praised and what is not.
        case (false, false, false): return true
        }
        return false
    }

    public var sentence: String {
        let parts = [
            (exact, "that were there before"), (near, "that nearly were"),
            (leaked, "that are in the other file"), (rejected, "that cannot be used"),
        ].filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
        let contradictions =
            contradicting > 0
            ? "; \(counted(contradicting, "row")) with a text that was there before and another target" : ""
        return "\(file.printable): \(counted(kept, "row")) kept"
            + (parts.isEmpty ? "" : ", without " + parts.joined(separator: ", ")) + contradictions
    }
}

/// A file of rows in another form: `hone data convert`.
public struct DataConversion: Codable, Sendable, Equatable {
    public var file: String
    public var written: Int
    public var rejected = 0

    /// - Parameter path: `nil` for standard output.
    /// - Throws: `DataError`, also at the first row for which the form has no place.
    public init(
        _ file: DataFile, as format: DataFormat, to path: String?,
        progress: (DataFile.Progress) -> Void = { _ in }
    ) throws {
        self.file = file.name
        var columns = DataWriter.Columns()
        try file.read(progress: progress) { row in
            if case .example(let example) = row.content { columns.widen(for: example) }
        }
        let writer = DataWriter(format, columns: columns)
        var sink = try RowSink(path)
        defer { sink.abandon() }
        try sink.write(writer.head.utf8)
        var rejected = 0
        try file.read(progress: progress) { row in
            guard case .example(let example) = row.content else {
                rejected += 1
                return
            }
            do { try sink.write(row: try writer.row(example).utf8) } catch let error as UnwritableRow {
                throw DataError.unwritableRow(file.name, line: row.line, error.description)
            }
        }
        try sink.finish()
        written = sink.rows
        self.rejected = rejected
    }

    public var sentence: String {
        "\(file.printable): \(counted(written, "row")) written"
            + (rejected > 0 ? ", \(grouped(rejected)) that cannot be used left out" : "")
    }
}
