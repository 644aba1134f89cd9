/// Cuts a stream of bytes into records, whatever chunks it comes in, and never holds more of a
/// record than it may have.
struct RecordSplitter: Sendable {
    /// A record, or one that was too long to be kept.
    enum Record: Sendable, Equatable {
        case whole([UInt8], line: Int)
        case tooLong(head: [UInt8], line: Int)
    }

    /// Whether a line break within double quotes belongs to the record, as in CSV.
    let respectsQuotes: Bool
    let maximumBytes: Int
    private var record: [UInt8] = []
    private var isTooLong = false
    private var isQuoted = false
    /// Whether a quote at this place opens: where a field begins, or as the second half of `""`.
    private var mayOpen = true
    private var line = 1
    private var recordLine = 1
    /// Bytes up to the end of the last complete record.
    private(set) var consumed = 0
    private var seen = 0

    init(respectsQuotes: Bool, maximumBytes: Int) {
        self.respectsQuotes = respectsQuotes
        self.maximumBytes = maximumBytes
    }

    /// Takes bytes in and hands each record out that ends in them.
    mutating func feed(_ bytes: some Sequence<UInt8>, _ emit: (Record) -> Void) {
        for byte in bytes {
            seen += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                if !isQuoted {
                    end(emit)
                    consumed = seen
                    continue
                }
            }
            if respectsQuotes { followQuotes(byte) }
            if record.count < maximumBytes { record.append(byte) } else { isTooLong = true }
        }
    }

    /// A quote within an unquoted field opens nothing: it would swallow the records that follow.
    private mutating func followQuotes(_ byte: UInt8) {
        if byte == UInt8(ascii: "\""), isQuoted {
            isQuoted = false
            mayOpen = true
        } else {
            isQuoted = isQuoted || (byte == UInt8(ascii: "\"") && mayOpen)
            // A byte order mark may stand before the first field.
            let isMark = line == 1 && record.count < 3 && [0xEF, 0xBB, 0xBF][record.count] == byte
            mayOpen = byte == UInt8(ascii: ",") || (mayOpen && isMark)
        }
    }

    /// Hands out a last record that no line break ended.
    mutating func finish(_ emit: (Record) -> Void) {
        if !record.isEmpty { end(emit) }
        consumed = seen
    }

    private mutating func end(_ emit: (Record) -> Void) {
        if record.last == UInt8(ascii: "\r") { record.removeLast() }
        if isTooLong {
            emit(.tooLong(head: Array(record.prefix(200)), line: recordLine))
        } else {
            emit(.whole(record, line: recordLine))
        }
        record.removeAll(keepingCapacity: record.capacity <= 1 << 16)
        isTooLong = false
        isQuoted = false
        mayOpen = true
        recordLine = line
    }
}
