/// A text and the words that it is cut into.
struct Words {
    var text: AlignedText
    /// In bytes; whole scalars, none empty.
    var ranges: [Range<Int>]

    init(_ text: AlignedText) {
        self.text = text
        ranges = text.isEmpty ? [] : [0..<text.bytes.count]
    }
}

/// How a text is cut into words, which the model cuts further. (The pre-tokenizers of `tokenizers`.)
enum PreTokenizer: Sendable {
    /// At white space, which goes.
    case whitespaceSplit
    case metaspace(Metaspace)
    case byteLevel(ByteLevel)
    /// Digits apart from all else, and where `individual` from each other.
    case digits(individual: Bool)

    func cut(_ words: inout Words) {
        switch self {
        case .whitespaceSplit:
            Self.cut(&words, keeping: { $0 == 0 }) { $0.properties.isWhitespace ? 1 : 0 }
        case .metaspace(let metaspace): metaspace.cut(&words)
        case .byteLevel(let byteLevel): byteLevel.cut(&words)
        case .digits(let individual):
            Self.cut(&words, keeping: { _ in true }, isolating: { $0 == 1 && individual }) {
                $0.properties.numericType != nil && Self.isNumber($0) ? 1 : 0
            }
        }
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    /// Cuts where the class of scalars changes.
    ///
    /// - Parameters:
    ///   - isKept: whether words of a class stay.
    ///   - isIsolated: whether each scalar of a class is a word.
    private static func cut(
        _ words: inout Words, keeping isKept: (Int) -> Bool,
        isolating isIsolated: (Int) -> Bool = { _ in false },
        by classOf: (Unicode.Scalar) -> Int
    ) {
        let text = words.text
        var ranges: [Range<Int>] = []
        for word in words.ranges {
            var start = word.lowerBound
            var position = start
            var current: Int?
            func end() {
                if let current, isKept(current), start < position { ranges.append(start..<position) }
                start = position
            }
            while position < word.upperBound {
                let (scalar, length) = text.scalar(at: position)
                let next = classOf(scalar)
                if next != current || isIsolated(next) { end() }
                current = next
                position += length
            }
            end()
        }
        words.ranges = ranges
    }
}
