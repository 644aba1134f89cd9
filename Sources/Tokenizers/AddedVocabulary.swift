import Glibc

/// A token that is found as such, before a text is cut into words: `[SEP]`, or one that somebody added.
struct AddedToken: Sendable, Equatable {
    var id: Int32
    /// What stands for it in the text, in UTF-8.
    var content: [UInt8]
    /// Only where no letter, digit, mark or underscore touches it.
    var isSingleWord = false
    /// Takes the white space before it in.
    var stripsLeft = false
    /// Takes the white space behind it in.
    var stripsRight = false
}

/// Finds added tokens in a text: at each place the longest, from left to right.
///
/// What the flags mean down to the last corner is given by Hugging Face's `tokenizers`
/// (`AddedVocabulary::find_matches`).
struct AddedVocabulary: Sendable, Equatable {
    /// Longest first.
    private let tokens: [AddedToken]
    /// The bytes that tokens begin with.
    private let leads: [UInt8]

    init(_ tokens: [AddedToken]) {
        self.tokens = tokens.filter { !$0.content.isEmpty }.sorted { $0.content.count > $1.content.count }
        leads = Set(self.tokens.map { $0.content[0] }).sorted()
    }

    var isEmpty: Bool { tokens.isEmpty }

    /// Hands out the parts of `text`, whole UTF-8, in order: bytes, and the token that they are; `nil`
    /// for what lies between tokens.
    func split(_ text: UnsafeBufferPointer<UInt8>, _ emit: (Range<Int>, Int32?) -> Void) {
        var done = 0
        var position = unsafe nextLead(in: text, from: 0)
        while position < text.count {
            guard let token = unsafe token(in: text, at: position) else {
                position = unsafe nextLead(in: text, from: position + 1)
                continue
            }
            var part = position..<position + token.content.count
            // A token that is refused, because it is part of a word, hides those that begin within it.
            position = unsafe nextLead(in: text, from: part.upperBound)
            if token.isSingleWord, unsafe touchesWord(part, of: text) { continue }
            if token.stripsLeft {
                let start = unsafe spaceStart(before: part.lowerBound, in: text)
                part = max(start, done)..<part.upperBound
            }
            if token.stripsRight {
                part = unsafe part.lowerBound..<spaceEnd(from: part.upperBound, in: text)
            }
            if done < part.lowerBound { emit(done..<part.lowerBound, nil) }
            emit(part, token.id)
            done = part.upperBound
        }
        if done < text.count || text.isEmpty { emit(done..<text.count, nil) }
    }

    /// The next place where a token may begin; most texts have none.
    private func nextLead(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard start < text.count, let base = text.baseAddress else { return text.count }
        var next = text.count
        for lead in leads {
            // Each lead needs to be looked for only where it would come first.
            if let found = unsafe memchr(base + start, Int32(lead), next - start) {
                next = unsafe UnsafeRawPointer(base).distance(to: found)
            }
        }
        return next
    }

    private func token(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> AddedToken? {
        tokens.first { unsafe text[position...].starts(with: $0.content) }
    }

    private func touchesWord(_ part: Range<Int>, of text: UnsafeBufferPointer<UInt8>) -> Bool {
        if part.lowerBound > 0 {
            let before = unsafe UTF8Scalars.start(before: part.lowerBound, in: text)
            if unsafe Self.isWord(UTF8Scalars.scalar(in: text, at: before).0) { return true }
        }
        return unsafe part.upperBound < text.count
            && Self.isWord(UTF8Scalars.scalar(in: text, at: part.upperBound).0)
    }

    private func spaceStart(before end: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var start = end
        while start > 0 {
            let before = unsafe UTF8Scalars.start(before: start, in: text)
            guard unsafe UTF8Scalars.scalar(in: text, at: before).0.properties.isWhitespace else { break }
            start = before
        }
        return start
    }

    private func spaceEnd(from start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var end = start
        while end < text.count {
            let (scalar, length) = unsafe UTF8Scalars.scalar(in: text, at: end)
            guard scalar.properties.isWhitespace else { break }
            end += length
        }
        return end
    }

    /// `\w` of Unicode's regular expressions (UTS #18, annex C).
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return false
        }
    }
}
