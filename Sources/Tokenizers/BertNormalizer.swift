import Foundation

/// Cleans text as BERT does: control characters go, white space becomes a space, CJK characters stand
/// alone, accents are stripped and letters are lowered.
///
/// Works scalar by scalar, so that each result knows where it came from. ASCII never comes here; see
/// `WordSplitter`. Component and options are those of Hugging Face's `tokenizers`.
struct BertNormalizer: Sendable, Equatable {
    var cleansText = true
    var handlesChinese = true
    var stripsAccents = true
    var lowercases = true

    /// What becomes of one scalar.
    enum Outcome: Equatable {
        case removed
        case space
        /// These, as part of a word or as punctuation.
        case scalars([Unicode.Scalar])
        /// A word of its own.
        case alone([Unicode.Scalar])
    }

    func outcome(of scalar: Unicode.Scalar) -> Outcome {
        if cleansText {
            if Self.isRemoved(scalar) { return .removed }
            if Self.isWhitespace(scalar) { return .space }
        }
        var result = [scalar]
        if stripsAccents {
            result = Self.decomposed(scalar).filter { Self.category($0) != .nonspacingMark }
        }
        if lowercases { result = result.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) } }
        if result.isEmpty { return .removed }
        return handlesChinese && Self.isChinese(scalar) ? .alone(result) : .scalars(result)
    }

    static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace
    }

    /// Whether cleaning takes the scalar away.
    static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0 || scalar.value == 0xFFFD || isControl(scalar)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": return false
        default: break
        }
        switch category(scalar) {
        case .control, .format, .privateUse, .surrogate: return true
        default: return false
        }
    }

    /// The blocks that BERT's authors call Chinese: ideographs, but neither kana nor hangul.
    static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 33...47, 58...64, 91...96, 123...126: return true
        default: break
        }
        switch category(scalar) {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    /// The general category as Unicode 8 had it: `tokenizers` takes it from tables of that age, and a
    /// vocabulary was counted with it. Scalars that came later are unassigned there.
    static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        scalar.value < categoriesEnd ? categories[Int(scalar.value)] : categoryOfUnicode8(scalar)
    }

    private static func categoryOfUnicode8(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        switch scalar.value {
        // These were moved to another category later.
        case 0x166D, 0x111C9: return .otherPunctuation
        case 0x1734, 0x1171E: return .nonspacingMark
        case 0xA9BD: return .spacingMark
        case 0x1885, 0x1886: return .otherLetter
        default: break
        }
        let properties = scalar.properties
        guard let age = properties.age, age.major <= 8 else { return .unassigned }
        return properties.generalCategory
    }

    /// The canonical decomposition of one scalar.
    static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if scalar.value >= tableStart, scalar.value < tableEnd {
            return table[Int(scalar.value - tableStart)]
        }
        return decompose(scalar)
    }

    private static func decompose(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
    }

    // Asking for properties takes longer than all the rest; most alphabets lie here.
    private static let categoriesEnd: UInt32 = 0x3100
    private static let categories = (0..<categoriesEnd).map {
        Unicode.Scalar($0).map(categoryOfUnicode8) ?? .unassigned
    }

    // Letters of European languages, worked out once.
    private static let tableStart: UInt32 = 0x80
    private static let tableEnd: UInt32 = 0x600
    private static let table: [[Unicode.Scalar]] = (tableStart..<tableEnd).map {
        Unicode.Scalar($0).map(decompose) ?? []
    }
}
