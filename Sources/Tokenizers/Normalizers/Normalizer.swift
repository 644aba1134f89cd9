/// A step, or several, that a text goes through before it is cut: the normalizers of Hugging Face's
/// `tokenizers`. (BERT's own is `BertNormalizer`.)
indirect enum Normalizer: Sendable {
    case sequence([Normalizer])
    case unicode(UnicodeNormalization)
    case lowercase
    /// Combining marks go.
    case stripAccents
    /// White space goes from either end.
    case strip(left: Bool, right: Bool)
    case replace(Pattern, with: String)
    /// Text that is put before any other.
    case prepend(String)
    case precompiled(CharacterMap)
    /// Control characters go, white space of all kinds becomes a space, as for SentencePiece's `nmt` rules.
    case nmt

    func normalized(_ text: AlignedText) -> AlignedText {
        switch self {
        case .sequence(let steps): steps.reduce(text) { $1.normalized($0) }
        case .unicode(let form): form.normalized(text)
        case .lowercase: Self.lowercased(text)
        case .stripAccents: text.filtered { !UnicodeNormalization.isMark($0) }
        case .strip(let left, let right): Self.stripped(text, left, right)
        case .replace(let pattern, let content): pattern.replaced(in: text, with: content)
        case .prepend(let prefix): Self.prepended(prefix, to: text)
        case .precompiled(let map): map.normalized(text)
        case .nmt: Self.nmt(text)
        }
    }

    /// What becomes of a string, wherever it came from.
    func normalized(_ string: [UInt8]) -> [UInt8] {
        unsafe string.withUnsafeBufferPointer { unsafe normalized(AlignedText($0, first: 0)).bytes }
    }

    private static func lowercased(_ text: AlignedText) -> AlignedText {
        // In ASCII each byte is its own scalar.
        if text.bytes.allSatisfy({ $0 < 0x80 }) {
            var result = text
            for (i, byte) in text.bytes.enumerated() where 65...90 ~= byte { result.bytes[i] = byte + 32 }
            return result
        }
        var rewriting = Rewriting(text)
        for scalar in text.scalars {
            for (i, lowered) in scalar.properties.lowercaseMapping.unicodeScalars.enumerated() {
                rewriting.put(lowered, change: i > 0 ? 1 : 0)
            }
        }
        return rewriting.result
    }

    private static func stripped(_ text: AlignedText, _ left: Bool, _ right: Bool) -> AlignedText {
        let scalars = text.scalars
        let leading = left ? scalars.prefix { $0.properties.isWhitespace } : scalars.prefix(0)
        let start = String(leading).utf8.count
        guard start < text.bytes.count else { return text[0..<0] }
        var end = text.bytes.count
        if right {
            for scalar in scalars.reversed() {
                guard scalar.properties.isWhitespace else { break }
                end -= UTF8.width(scalar)
            }
        }
        var result = text[start..<end]
        result.first = text.first
        return result
    }

    static func prepended(_ prefix: String, to text: AlignedText) -> AlignedText {
        guard let origin = text.origins.first else { return text }
        var result = AlignedText()
        result.first = text.first
        for scalar in prefix.unicodeScalars { result.append(scalar, origin) }
        result.bytes += text.bytes
        result.origins += text.origins
        return result
    }

    private static func nmt(_ text: AlignedText) -> AlignedText {
        let kept = text.filtered { scalar in
            switch scalar.value {
            case 0x1...0x8, 0xB, 0xE...0x1F, 0x7F, 0x8F, 0x9F: false
            default: true
            }
        }
        var rewriting = Rewriting(kept)
        for scalar in kept.scalars {
            switch scalar.value {
            case 0x9, 0xA, 0xC, 0xD, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
                rewriting.put(" ", change: 0)
            default: rewriting.put(scalar, change: 0)
            }
        }
        return rewriting.result
    }
}
