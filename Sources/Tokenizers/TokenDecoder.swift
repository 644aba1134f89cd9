/// How tokens become text again. (The decoders of Hugging Face's `tokenizers`.)
struct TokenDecoder: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// Tokens are bytes in disguise.
        case byteLevel
        case text(Form)
    }

    enum Form: Sendable, Equatable {
        /// One after the other, with a space between where the file names no decoder.
        case plain(separator: String)
        /// `##` continues a word.
        case wordPiece(prefix: String, cleansUp: Bool)
        /// `▁` stands for a space, and for none at the very beginning.
        case metaspace(Unicode.Scalar, dropsFirst: Bool)
    }

    var kind: Kind
    /// Done to each token first.
    var replacements: [Replacement] = []
    /// Whether `<0x0A>` is a byte.
    var fallsBackToBytes = false
    /// What the whole text loses at its beginning.
    var stripped: Strip?
    /// Tokens that are found in normalized text, as they are found there.
    var spellings: [Int32: String] = [:]

    struct Replacement: Sendable, Equatable {
        var pattern: String
        var content: String
    }

    struct Strip: Sendable, Equatable {
        var scalar: Unicode.Scalar
        var count: Int
    }

    static func byte(of token: String) -> UInt8? {
        guard token.utf8.count == 6, token.hasPrefix("<0x"), token.hasSuffix(">") else { return nil }
        return UInt8(token.dropFirst(3).dropLast(), radix: 16)
    }

    func text(of token: String, _ form: Form, isFirst: Bool) -> String {
        var token = token
        for change in replacements {
            token = token.replacingBytes(of: change.pattern, with: change.content)
        }
        switch form {
        case .plain(let separator): return isFirst ? token : separator + token
        case .wordPiece(let prefix, let cleansUp):
            if !isFirst { token = token.withoutBytes(prefix) ?? " " + token }
            return cleansUp ? Self.cleaned(token) : token
        case .metaspace(let mark, let dropsFirst):
            var text = String.UnicodeScalarView()
            for scalar in token.unicodeScalars {
                if scalar != mark {
                    text.append(scalar)
                } else if !(isFirst && dropsFirst) {
                    text.append(" ")
                }
            }
            return String(text)
        }
    }

    /// Takes back the spaces that tokenizing put around punctuation, as `tokenizers` does, one token at a
    /// time.
    private static func cleaned(_ token: String) -> String {
        guard token.utf8.first == UInt8(ascii: " ") else { return token }
        let changes = [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
            (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ]
        var text = token
        for (spaced, joined) in changes {
            text = text.replacingBytes(of: spaced, with: joined)
        }
        return text
    }
}

// Swift's own searches see characters, and a mark after a space makes another one of it.
extension String {
    fileprivate func withoutBytes(_ prefix: String) -> String? {
        utf8.starts(with: prefix.utf8) ? String(Substring(utf8.dropFirst(prefix.utf8.count))) : nil
    }

    fileprivate func replacingBytes(of pattern: String, with content: String) -> String {
        let pattern = Array(pattern.utf8)
        let bytes = Array(utf8)
        guard let lead = pattern.first, bytes.contains(lead) else { return self }
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position...].starts(with: pattern) {
                result += content.utf8
                position += pattern.count
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
