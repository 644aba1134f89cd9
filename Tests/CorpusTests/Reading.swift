import Corpus
import TestSupport

/// What a reader makes of a text.
func read(
    _ text: String, as format: RowFormat, columns: ColumnMapping = ColumnMapping(),
    limits: RowLimits = RowLimits()
) -> (examples: [Example], rejected: [RejectedRow]) {
    RowReader(format: format, columns: columns, limits: limits).read(Array(text.utf8).span)
}

/// Why the only row of a text is rejected.
func reason(_ row: String, as format: RowFormat = .jsonLines, limits: RowLimits = RowLimits()) -> String? {
    let (examples, rejected) = read(row, as: format, limits: limits)
    return examples.isEmpty && rejected.count == 1 ? rejected[0].reason : nil
}

extension SplitMix64 {
    /// Bytes that look like rows: pieces of both formats, and here and there any byte at all.
    mutating func rows(_ count: Int) -> [UInt8] {
        let pieces = [
            #"{"text":"a film","label":"good"}"#, "\n", "\r\n", "text,label\n", "\"", ",", "a,b", "{", "}",
            "[",
            "\\u00e9", "\\ud83d", "\u{FEFF}", "é", "\"quoted, \"\"twice\"\"\"", "1e5", "null", " ", "\0",
            #"{"text":"x","label":1}"#,
        ]
        var bytes: [UInt8] = []
        for _ in 0..<count {
            if next(below: 8) == 0 {
                bytes.append(UInt8(next(below: 256)))
            } else {
                bytes += Array(pieces[next(below: pieces.count)].utf8)
            }
        }
        return bytes
    }
}
