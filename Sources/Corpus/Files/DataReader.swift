/// Reads rows of any form out of bytes, chunk by chunk, and keeps none of them.
///
/// SQuAD's form alone is one object from beginning to end, and is held until it has ended.
public struct DataReader: Sendable {
    public let format: DataFormat
    public let task: TaskKind
    private let limits: RowLimits
    private var rows: RowReader?
    private var sentences: CoNLLReader?
    private var lines: RecordSplitter?
    private var whole: [UInt8] = []

    public init(
        _ format: DataFormat, columns: ColumnMapping, task: TaskKind, limits: RowLimits = RowLimits()
    ) {
        self.format = format
        self.task = task
        self.limits = limits
        rows = format.rows.map { RowReader(format: $0, columns: columns, limits: limits, task: task) }
        if format == .conll { sentences = CoNLLReader(limits: limits) }
        if format == .text {
            lines = RecordSplitter(respectsQuotes: false, maximumBytes: limits.maximumRowBytes)
        }
    }

    /// The record that names the columns, as it was written; of other forms nothing.
    public var header: [UInt8] { rows?.headerSource ?? [] }

    /// Takes the next chunk in, and hands each row out that ends in it.
    public mutating func feed(_ bytes: Span<UInt8>, _ emit: (ReadRow) -> Void) {
        rows?.feed(bytes, emit)
        sentences?.feed(bytes, emit)
        lines?.feed(bytes) { emit(ReadRow($0, limits)) }
        if format == .squad { unsafe bytes.withUnsafeBufferPointer { unsafe whole.append(contentsOf: $0) } }
    }

    /// Hands out what nothing ended.
    public mutating func finish(_ emit: (ReadRow) -> Void) {
        rows?.finish(emit)
        sentences?.finish(emit)
        lines?.finish { emit(ReadRow($0, limits)) }
        if format == .squad {
            SQuADReader(limits: limits).read(whole, emit)
            whole = []
        }
    }
}

extension ReadRow {
    /// A line of plain text.
    fileprivate init(_ record: RecordSplitter.Record, _ limits: RowLimits) {
        switch record {
        case .tooLong(let head, let line):
            self.init(
                line: line, source: head, reason: "the line is longer than \(limits.maximumRowBytes) bytes")
        case .whole(var bytes, let line):
            if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                self.init(line: line, source: bytes, reason: "the line is not valid UTF-8")
                return
            }
            guard !text.trimmingSpace.isEmpty else {
                self.init(line: line, source: bytes, reason: "the line is empty")
                return
            }
            self.init(line: line, source: bytes, Example(text: text))
        }
    }
}
