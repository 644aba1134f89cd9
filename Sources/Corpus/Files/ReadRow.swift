/// A row as it stood in its file, and what it says.
public struct ReadRow: Sendable {
    public enum Content: Sendable {
        case example(Example)
        case rejected(RejectedRow)
    }

    /// The line that it begins on, from 1.
    public var line: Int
    /// Its bytes, without the line break at its end; of a row that was too long, its beginning.
    public var source: [UInt8]
    public var content: Content

    init(line: Int, source: [UInt8], _ example: Example) {
        self.line = line
        self.source = source
        content = .example(example)
    }

    init(line: Int, source: [UInt8], reason: String) {
        self.line = line
        self.source = source
        content = .rejected(RejectedRow(line: line, reason: reason, excerptOf: source))
    }
}

extension [ReadRow] {
    var examples: [Example] {
        compactMap { if case .example(let example) = $0.content { example } else { nil } }
    }
    var rejected: [RejectedRow] {
        compactMap { if case .rejected(let row) = $0.content { row } else { nil } }
    }
}
