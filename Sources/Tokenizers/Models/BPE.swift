/// Byte-pair encoding: a word falls into its symbols, and of two neighbours that may become one, those
/// that were learned first do, until none may.
///
/// Source: Sennrich, Haddow & Birch, [arXiv:1508.07909](https://arxiv.org/abs/1508.07909); on bytes:
/// Radford et al. (2019).
struct BPE: Sendable {
    /// What the file of a model says.
    struct Options: Sendable {
        var isByteLevel: Bool
        var unknown: Int32?
        /// Whether neighbours that are unknown become one.
        var fusesUnknown = false
        /// Whether a scalar that is unknown becomes its bytes, as tokens such as `<0x0A>`.
        var fallsBackToBytes = false
        /// Whether a word that is a token is not cut, whatever the merges say.
        var ignoresMerges = false
        /// Before each symbol but the first of a word.
        var continuingPrefix = ""
        /// Behind the last symbol of a word.
        var wordSuffix = ""
    }

    let options: Options
    private let table: TokenTable
    /// Words that become one token.
    private let whole: TokenTable
    private let merges: MergeTable
    /// By byte; −1 where the vocabulary lacks it.
    private let byteSymbols: [Int32]

    /// - Parameters:
    ///   - tokens: with their ids; in disguise if `isByteLevel`.
    ///   - merges: in their order, as ids.
    init(tokens: [(String, Int32)], merges: [(left: Int32, right: Int32, id: Int32)], options: Options) {
        self.options = options
        let entries = tokens.compactMap { token, id in
            (options.isByteLevel ? ByteLevel.bytes(of: token) : Array(token.utf8)).map { ($0, id) }
        }
        let table = TokenTable(entries)
        self.table = table
        self.merges = MergeTable(merges)
        byteSymbols = (UInt8.min...UInt8.max).map { byte in
            let token = options.isByteLevel ? [byte] : Array("<0x\(Self.hexadecimal(byte))>".utf8)
            return table.id(of: token) ?? -1
        }
        guard !options.ignoresMerges else {
            whole = table
            return
        }
        // Most words are a token of their own. Which tokens the merges lead to is worked out once.
        guard options.isByteLevel else {
            whole = TokenTable([])
            return
        }
        var word = Word()
        let (merges, symbols) = (self.merges, byteSymbols)
        whole = TokenTable(
            entries.filter { bytes, id in
                word.removeAll()
                for byte in bytes {
                    guard symbols[Int(byte)] >= 0 else { return false }
                    word.append(symbols[Int(byte)], length: 1)
                }
                word.merge(by: merges)
                return word.symbols.first.map { $0.id == id && Int($0.length) == bytes.count } ?? false
            })
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// Hands out the tokens of one word: each with its bytes, counted from the beginning of the word.
    ///
    /// - Parameter scratch: memory that is used again from word to word.
    func forEachToken(
        of text: UnsafeBufferPointer<UInt8>, _ scratch: inout Word, _ emit: (Int32, Range<Int>) -> Void
    ) {
        if options.isByteLevel || options.ignoresMerges {
            if let id = unsafe whole.find(text, TokenTable.hash(text)) { return emit(id, 0..<text.count) }
        }
        scratch.removeAll()
        if options.isByteLevel {
            unsafe fillBytes(text, &scratch)
        } else {
            unsafe fillScalars(text, &scratch)
        }
        scratch.merge(by: merges)
        var position = 0
        for symbol in scratch.symbols where symbol.length > 0 {
            emit(symbol.id, position..<min(position + Int(symbol.length), text.count))
            position += Int(symbol.length)
        }
    }

    private func fillBytes(_ text: UnsafeBufferPointer<UInt8>, _ word: inout Word) {
        var gap = Unknowns(options)
        for i in text.indices {
            let symbol = unsafe byteSymbols[Int(text[i])]
            if symbol >= 0 {
                gap.end(&word)
                word.append(symbol, length: 1)
            } else {
                gap.add(1, &word)
            }
        }
        gap.end(&word)
    }

    private func fillScalars(_ text: UnsafeBufferPointer<UInt8>, _ word: inout Word) {
        var gap = Unknowns(options)
        var position = 0
        let isPlain = options.continuingPrefix.isEmpty && options.wordSuffix.isEmpty
        while position < text.count {
            let length = unsafe UTF8Scalars.scalar(in: text, at: position).1
            let part = unsafe UnsafeBufferPointer(rebasing: text[position..<position + length])
            var id = unsafe isPlain ? table.find(part, TokenTable.hash(part)) : nil
            var bytes: [UInt8] = []
            if !isPlain {
                if position > 0 { bytes += options.continuingPrefix.utf8 }
                unsafe bytes += part
                if position + length == text.count { bytes += options.wordSuffix.utf8 }
                id = table.id(of: bytes)
            }
            if let id {
                gap.end(&word)
                word.append(id, length: length)
            } else if options.fallsBackToBytes, unsafe part.allSatisfy({ byteSymbols[Int($0)] >= 0 }) {
                for i in part.indices { unsafe word.append(byteSymbols[Int(part[i])], length: 1) }
            } else {
                gap.add(length, &word)
            }
            position += length
        }
        gap.end(&word)
    }

    /// What is unknown and not yet in the word: it may grow.
    private struct Unknowns {
        private let options: Options
        private var length = 0

        init(_ options: Options) { self.options = options }

        /// Without a token for what is unknown it is left out, and what follows moves up: offsets are then
        /// those of `tokenizers`, not those of the text.
        mutating func add(_ count: Int, _ word: inout Word) {
            if !options.fusesUnknown { end(&word) }
            length += count
        }

        mutating func end(_ word: inout Word) {
            guard length > 0, let unknown = options.unknown else { return }
            word.append(unknown, length: length)
            length = 0
        }
    }
}
