/// Writes `▁` for a space, puts one before a text, and cuts before each: SentencePiece's words.
struct Metaspace: Sendable, Equatable {
    enum PrependScheme: String, Sendable {
        case always, never
        /// Only where the text begins, not behind a token that was found in it.
        case first
    }

    var replacement: Unicode.Scalar = "\u{2581}"
    var prependScheme = PrependScheme.always
    var splits = true

    func cut(_ words: inout Words) {
        let mark = Array(UTF8.encode(replacement)!)
        let text = words.text
        var result = AlignedText()
        result.first = text.first
        result.bytes.reserveCapacity(text.bytes.count + 3 * words.ranges.count)
        result.origins.reserveCapacity(text.bytes.count + 3 * words.ranges.count)
        var ranges: [Range<Int>] = []
        for word in words.ranges {
            var start = result.bytes.count
            let origin = text.origins[word.lowerBound]
            let hasMark = text.bytes[word.lowerBound] == 0x20 || text.bytes[word].starts(with: mark)
            let isPrepended =
                switch prependScheme {
                case .always: !hasMark
                case .first: !hasMark && origin.start == 0
                case .never: false
                }
            if isPrepended { result.append(replacement, origin) }
            var position = word.lowerBound
            while position < word.upperBound {
                let byte = text.bytes[position]
                let isMark =
                    byte == 0x20
                    || byte == mark[0] && text.bytes[position..<word.upperBound].starts(with: mark)
                if isMark, splits, result.bytes.count > start {
                    ranges.append(start..<result.bytes.count)
                    start = result.bytes.count
                }
                if isMark {
                    result.append(replacement, text.origins[position])
                    position += byte == 0x20 ? 1 : mark.count
                } else {
                    result.bytes.append(byte)
                    result.origins.append(text.origins[position])
                    position += 1
                }
            }
            if result.bytes.count > start { ranges.append(start..<result.bytes.count) }
        }
        words.text = result
        words.ranges = ranges
    }
}
