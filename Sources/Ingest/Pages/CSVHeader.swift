/// Cuts the first record off a CSV file as it streams by, to keep it beside a byte offset.
package struct CSVHeader: Sendable {
    /// It is stored with the cursor; a longer first record names no columns that anybody chose.
    package static let maximumBytes = 65_536

    /// Without its line end.
    package private(set) var record: [UInt8]
    package private(set) var isWhole: Bool
    private var isQuoted = false

    package init() {
        record = []
        isWhole = false
    }

    /// A header that an earlier page brought.
    package init(_ text: String) {
        record = Array(text.utf8)
        isWhole = true
    }

    package var isTooLong: Bool { !isWhole && record.count >= Self.maximumBytes }
    package var text: String { String(decoding: record, as: UTF8.self) }

    /// The record ends at the first line break that no quotes hold.
    package mutating func take(_ chunk: [UInt8]) {
        guard !isWhole else { return }
        for byte in chunk {
            if byte == UInt8(ascii: "\n"), !isQuoted {
                isWhole = true
                return
            }
            guard record.count < Self.maximumBytes else { return }
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            record.append(byte)
        }
    }
}
