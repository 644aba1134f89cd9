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
    ///
    /// A span, not any sequence: generic code is not specialised from another module, and would cost
    /// six times as much for each byte.
    mutating func feed(_ bytes: Span<UInt8>, _ emit: (Record) -> Void) {
        var start = 0
        for position in bytes.indices {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\n") {
                line += 1
                if !isQuoted {
                    keep(bytes.extracting(start..<position))
                    end(emit)
                    start = position + 1
                    consumed = seen + start
                    continue
                }
            }
            if respectsQuotes { followQuotes(byte, at: seen + position) }
        }
        keep(bytes.extracting(start..<bytes.count))
        seen += bytes.count
    }

    /// Adds a piece to the record, as much of it as the record may have.
    private mutating func keep(_ piece: Span<UInt8>) {
        let room = min(piece.count, maximumBytes - record.count)
        isTooLong = isTooLong || room < piece.count
        unsafe piece.extracting(first: room).withUnsafeBufferPointer { unsafe record.append(contentsOf: $0) }
    }

    /// A quote within an unquoted field opens nothing: it would swallow the records that follow.
    ///
    /// - Parameter position: in the whole stream.
    private mutating func followQuotes(_ byte: UInt8, at position: Int) {
        if byte == UInt8(ascii: "\""), isQuoted {
            isQuoted = false
            mayOpen = true
        } else {
            isQuoted = isQuoted || (byte == UInt8(ascii: "\"") && mayOpen)
            // A byte order mark may stand before the first field.
            let isMark = line == 1 && position < 3 && [0xEF, 0xBB, 0xBF][position] == byte
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
