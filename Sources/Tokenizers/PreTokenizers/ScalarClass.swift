/// What GPT-2's pattern tells apart: `\s`, `\p{L}`, `\p{N}` and the rest, as of Unicode 16: `tokenizers` has
/// its tables from there.
enum ScalarClass: UInt8 {
    case whitespace, letter, number, other

    /// The class of the scalar that begins at a byte of UTF-8, and its length in bytes.
    static func of(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> (ScalarClass, Int) {
        let byte = unsafe text[position]
        if byte < 0x80 { return (table[Int(byte)], 1) }
        let (scalar, length) = unsafe UTF8Scalars.scalar(in: text, at: position)
        return (of(scalar), length)
    }

    static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
        switch scalar.value {
        case ..<tableEnd: table[Int(scalar.value)]
        // Ideographs and syllables, of which there are many in a text.
        case 0x3400...0x4DB5, 0x4E00...0x9FD5, 0xAC00...0xD7A3: .letter
        default: lookUp(scalar)
        }
    }

    private static func lookUp(_ scalar: Unicode.Scalar) -> ScalarClass {
        let properties = scalar.properties
        if properties.isWhitespace { return .whitespace }
        guard let age = properties.age, age.major <= 16 else { return .other }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        default: return .other
        }
    }

    // Asking for properties takes longer than all the rest; most alphabets lie here.
    private static let tableEnd: UInt32 = 0x3100
    private static let table = (0..<tableEnd).map { Unicode.Scalar($0).map(lookUp) ?? .other }
}
