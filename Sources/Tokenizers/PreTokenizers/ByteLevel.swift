/// GPT-2's words: letters, digits and the rest apart, each with the space before it.
///
/// The pattern of Radford et al. (2019, [encoder.py](https://github.com/openai/gpt-2)), in words:
/// the endings 's, 't, 're, 've, 'm, 'll, 'd; letters, numbers, or anything else but white space, each with
/// one space before it; white space, which leaves its last to the word that follows.
struct ByteLevel: Sendable, Equatable {
    var addsPrefixSpace = false
    /// Whether texts are cut by the pattern; else they are one word.
    var usesPattern = true

    func cut(_ words: inout Words) {
        if addsPrefixSpace { Self.prefix(&words) }
        guard usesPattern else { return }
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(words.text.bytes.count / 4)
        unsafe words.text.bytes.withUnsafeBufferPointer { bytes in
            for word in words.ranges {
                var start = word.lowerBound
                while start < word.upperBound {
                    let end = unsafe Self.wordEnd(bytes, start, word.upperBound)
                    ranges.append(start..<end)
                    start = end
                }
            }
        }
        words.ranges = ranges
    }

    /// Gives each word that has none a space in front.
    private static func prefix(_ words: inout Words) {
        var result = AlignedText()
        result.first = words.text.first
        var ranges: [Range<Int>] = []
        for word in words.ranges {
            let start = result.bytes.count
            if words.text.bytes[word.lowerBound] != 0x20 {
                result.append(" ", words.text.origins[word.lowerBound])
            }
            result.bytes += words.text.bytes[word]
            result.origins += words.text.origins[word]
            ranges.append(start..<result.bytes.count)
        }
        words.text = result
        words.ranges = ranges
    }

    private static func wordEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        let lead = unsafe text[start]
        if lead == UInt8(ascii: "'"), let ending = unsafe contraction(text, start + 1, end) { return ending }
        var position = start
        if lead == 0x20, start + 1 < end { position += 1 }
        let (kind, length) = unsafe ScalarClass.of(text, position)
        guard kind == .whitespace else { return unsafe run(of: kind, text, position + length, end) }
        // White space: all of it at the end of the text, else all but the last, which may be the only one.
        var (last, next) = (start, start)
        while next < end {
            let (kind, length) = unsafe ScalarClass.of(text, next)
            guard kind == .whitespace else { return last > start ? last : next }
            last = next
            next += length
        }
        return end
    }

    private static func run(
        of kind: ScalarClass, _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int {
        var position = start
        while position < end {
            let (next, length) = unsafe ScalarClass.of(text, position)
            if next != kind { break }
            position += length
        }
        return position
    }

    /// Where an ending such as the `re` of `'re` ends.
    private static func contraction(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        guard start < end else { return nil }
        switch unsafe text[start] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 1
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return unsafe start + 1 < end && text[start + 1] == UInt8(ascii: "e") ? start + 2 : nil
        case UInt8(ascii: "l"):
            return unsafe start + 1 < end && text[start + 1] == UInt8(ascii: "l") ? start + 2 : nil
        default: return nil
        }
    }

    // MARK: Bytes in disguise

    /// The scalar that stands for each byte in tokens: itself where it can be seen, else one from U+0100 on.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (UInt8.min...UInt8.max).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
            default:
                defer { next += 1 }
                return Unicode.Scalar(next)!
            }
        }
    }()

    private static let values: [Unicode.Scalar: UInt8] = Dictionary(
        uniqueKeysWithValues: scalars.enumerated().map { ($1, UInt8($0)) })

    /// The bytes that a token stands for; `nil` where it holds a scalar that stands for none.
    static func bytes(of token: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in token.unicodeScalars {
            guard let byte = values[scalar] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// The token of some bytes.
    static func token(of bytes: some Sequence<UInt8>) -> String {
        var token = String.UnicodeScalarView()
        for byte in bytes { token.append(scalars[Int(byte)]) }
        return String(token)
    }
}
