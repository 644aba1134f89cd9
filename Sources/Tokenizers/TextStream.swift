/// Text out of tokens, as they come: what `append` returns will not change any more.
///
/// A token of a byte-level model may end within a character; its bytes wait for the rest. All that
/// `append` and `finish` return together is what `decode` makes of the same ids.
public struct TextStream: Sendable {
    private let decoder: TokenDecoder
    private let tokens: [String]
    private let skipped: Set<Int32>
    private var waiting: [UInt8] = []
    private var isFirst = true
    /// How many scalars may still be stripped from the beginning.
    private var strippable: Int

    init(_ decoder: TokenDecoder, _ tokens: [String], skipped: Set<Int32>) {
        self.decoder = decoder
        self.tokens = tokens
        self.skipped = skipped
        strippable = decoder.stripped?.count ?? 0
    }

    /// The text that is certain once this token is there.
    public mutating func append(_ id: Int32) -> String {
        guard tokens.indices.contains(Int(id)), !skipped.contains(id) else { return "" }
        defer { isFirst = false }
        let token = decoder.spellings[id] ?? tokens[Int(id)]
        switch decoder.kind {
        case .byteLevel:
            waiting += ByteLevel.bytes(of: token) ?? Array(token.utf8)
            let whole = UTF8Scalars.wholeCount(waiting)
            let text = String(decoding: waiting[..<whole], as: UTF8.self)
            waiting.removeFirst(whole)
            return stripped(text)
        case .text(let form):
            // A run of bytes is text only if all of it is: it ends with the first token that is none.
            if decoder.fallsBackToBytes, let byte = TokenDecoder.byte(of: token) {
                waiting.append(byte)
                return ""
            }
            return stripped(run() + decoder.text(of: token, form, isFirst: isFirst))
        }
    }

    /// What still waits for its end, with U+FFFD for what never was whole.
    public mutating func finish() -> String {
        defer { waiting = [] }
        if case .byteLevel = decoder.kind { return stripped(String(decoding: waiting, as: UTF8.self)) }
        return stripped(run())
    }

    private mutating func run() -> String {
        defer { waiting.removeAll() }
        return String(validating: waiting, as: UTF8.self)
            ?? String(repeating: "\u{FFFD}", count: waiting.count)
    }

    private mutating func stripped(_ text: String) -> String {
        guard strippable > 0, let strip = decoder.stripped, !text.isEmpty else { return text }
        var scalars = text.unicodeScalars[...]
        while strippable > 0, let first = scalars.first {
            guard first == strip.scalar else {
                strippable = 0
                break
            }
            scalars.removeFirst()
            strippable -= 1
        }
        return String(scalars)
    }
}
