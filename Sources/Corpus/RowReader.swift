/// Reads labelled rows out of bytes, chunk by chunk.
///
/// A row that cannot be used costs that row and no other; what it was and why is told. How the
/// bytes are cut into chunks makes no difference.
public struct RowReader: Sendable {
    public let format: RowFormat
    public let columns: ColumnMapping
    public let limits: RowLimits
    /// What the rows are for: which target is looked for in them.
    public let task: TaskKind
    private var splitter: RecordSplitter
    private var header: [String]?
    /// The record that names the columns, as it was written.
    public private(set) var headerSource: [UInt8] = []
    private var records = 0
    private var isFirstRecord = true
    public private(set) var examples: [Example] = []
    public private(set) var rejected: [RejectedRow] = []
    /// Why no row at all can be used; it stands in `rejected` as well.
    public private(set) var headerProblem: HeaderProblem?
    /// Whether rows were left unread because of `limits.maximumRows`.
    public private(set) var isTruncated = false

    public init(
        format: RowFormat, columns: ColumnMapping, limits: RowLimits = RowLimits(),
        task: TaskKind = .textClassification
    ) {
        self.format = format
        self.columns = columns
        self.limits = limits
        self.task = task
        splitter = RecordSplitter(respectsQuotes: format == .csv, maximumBytes: limits.maximumRowBytes)
    }

    /// Bytes up to the end of the last complete row: where a later reading may go on.
    public var consumedBytes: Int { splitter.consumed }

    /// Reads everything at once.
    public func read(_ bytes: Span<UInt8>) -> (examples: [Example], rejected: [RejectedRow]) {
        var reader = self
        reader.feed(bytes)
        reader.finish()
        return (reader.examples, reader.rejected)
    }

    /// Takes the next chunk in.
    public mutating func feed(_ bytes: Span<UInt8>) {
        var rows: [ReadRow] = []
        feed(bytes) { rows.append($0) }
        keep(rows)
    }

    /// Takes a last row that no line break ended.
    public mutating func finish() {
        var rows: [ReadRow] = []
        finish { rows.append($0) }
        keep(rows)
    }

    private mutating func keep(_ rows: [ReadRow]) {
        examples += rows.examples
        rejected += rows.rejected
    }

    /// Takes the next chunk in, and hands each row out that ends in it: nothing is kept of it here.
    public mutating func feed(_ bytes: Span<UInt8>, _ emit: (ReadRow) -> Void) {
        var ended: [RecordSplitter.Record] = []
        splitter.feed(bytes) { ended.append($0) }
        for record in ended { take(record, emit) }
    }

    /// Hands out a last row that no line break ended.
    public mutating func finish(_ emit: (ReadRow) -> Void) {
        var ended: [RecordSplitter.Record] = []
        splitter.finish { ended.append($0) }
        for record in ended { take(record, emit) }
    }

    private mutating func take(_ record: RecordSplitter.Record, _ emit: (ReadRow) -> Void) {
        guard headerProblem == nil else { return }
        switch record {
        case .tooLong(let head, let line) where format.hasHeader && header == nil:
            headerProblem = .unreadable("it is longer than \(limits.maximumRowBytes) bytes")
            emit(ReadRow(line: line, source: head, reason: headerProblem!.description))
        case .tooLong(let head, let line):
            emit(
                ReadRow(
                    line: line, source: head,
                    reason: "the row is longer than \(limits.maximumRowBytes) bytes"))
        case .whole(var bytes, let line):
            if isFirstRecord, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            isFirstRecord = false
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
            if format.hasHeader, header == nil {
                if let problem = headerFault(bytes) {
                    emit(ReadRow(line: line, source: bytes, reason: problem.description))
                }
                return
            }
            guard records < limits.maximumRows else {
                isTruncated = true
                return
            }
            records += 1
            do {
                emit(ReadRow(line: line, source: bytes, try example(bytes)))
            } catch let problem as RowProblem {
                emit(ReadRow(line: line, source: bytes, reason: problem.reason))
            } catch {
                emit(ReadRow(line: line, source: bytes, reason: "\(error)"))
            }
        }
    }

    /// Reads the header, and says what is wrong with it. Without the column of the text all rows are given
    /// up on: each would only repeat the same complaint.
    private mutating func headerFault(_ bytes: [UInt8]) -> HeaderProblem? {
        headerSource = bytes
        let names: [String]
        do { names = try format.fields(of: bytes).map { $0.trimmingSpace } } catch {
            headerProblem = .unreadable(error.reason)
            return headerProblem
        }
        header = names
        guard names.contains(columns.text) else {
            headerProblem = .missingColumn(columns.text, found: names)
            return headerProblem
        }
        return names.contains(columns.label) ? nil : .missingColumn(columns.label, found: names)
    }

    private func example(_ bytes: [UInt8]) throws -> Example {
        switch format {
        case .jsonLines:
            let value: JSONValue
            do { value = try JSONValue(parsing: bytes) } catch {
                throw RowProblem("the line is not JSON: \(error.reason)")
            }
            guard case .object = value else { throw RowProblem("the line is JSON but no object") }
            return try RowMapping(columns: columns, limits: limits).example(value, for: task)
        case .csv, .tsv:
            let fields: [String]
            do { fields = try format.fields(of: bytes) } catch { throw RowProblem(error.reason) }
            let names = header ?? []
            guard fields.count == names.count else {
                throw RowProblem("the row has \(fields.count) fields, the header \(names.count)")
            }
            let row = Dictionary(zip(names, fields), uniquingKeysWith: { first, _ in first })
            var example = try RowMapping(columns: columns, limits: limits).example {
                row[$0].map(RowField.text)
            }
            switch task {
            case .scoring:
                example.target = try example.label.map { label throws(RowProblem) in
                    .score(try label.number(columns.label))
                }
            case .multiLabelClassification: example.target = example.label.map { .labels([$0]) }
            case .tokenClassification, .questionAnswering:
                throw RowProblem("CSV has no place for rows of \(task.rawValue): send JSON Lines")
            case .textClassification, .textGeneration: break
            }
            return example
        }
    }
}

/// Why one row cannot be used.
struct RowProblem: Error, Equatable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

extension JSONValue {
    /// As a column holds it.
    var field: RowField? {
        switch self {
        case .null: nil
        case .bool(let value): .text(value ? "true" : "false")
        case .number(let digits): .text(digits)
        case .string(let text): .text(text)
        case .array: .nested([:])
        case .object(let members):
            .nested(members.compactMapValues { if case .text(let text)? = $0.field { text } else { nil } })
        }
    }
}
