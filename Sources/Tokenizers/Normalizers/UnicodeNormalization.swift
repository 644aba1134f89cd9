import Foundation

/// The four normalization forms of Unicode ([UAX #15](https://www.unicode.org/reports/tr15/)), as they were
/// in version 9: `tokenizers` has its tables from there. Scalars that came later stay as they are.
enum UnicodeNormalization: Sendable {
    case nfc, nfd, nfkc, nfkd

    private var isCompatible: Bool { self == .nfkc || self == .nfkd }
    private var composes: Bool { self == .nfc || self == .nfkc }

    /// A scalar, and what it does to the text that it comes from (see `Rewriting`).
    private struct Change {
        var scalar: Unicode.Scalar
        var change: Int
        var combiningClass: UInt8
    }

    func normalized(_ text: AlignedText) -> AlignedText {
        // Latin letters are composed already; ASCII is all forms at once. UTF-8 of U+0300 begins with CC.
        let stable: UInt8 = self == .nfc ? 0xCC : 0x80
        if text.bytes.allSatisfy({ $0 < stable }) { return text }
        let parts = decomposed(text)
        var rewriting = Rewriting(text)
        for part in composes ? Self.composed(parts) : parts {
            rewriting.put(part.scalar, change: part.change)
        }
        return rewriting.result
    }

    /// Decomposes, and puts marks in canonical order. They take along whether they were put in.
    private func decomposed(_ text: AlignedText) -> [Change] {
        var ordered: [Change] = []
        var marks: [Change] = []
        func flush() {
            // Swift's sort keeps the order of equals, as canonical ordering asks.
            if marks.count > 1 { marks.sort { $0.combiningClass < $1.combiningClass } }
            ordered += marks
            marks.removeAll(keepingCapacity: true)
        }
        func put(_ scalar: Unicode.Scalar, isFirst: Bool) {
            let change = Change(
                scalar: scalar, change: isFirst ? 0 : 1, combiningClass: Self.combiningClass(scalar))
            if change.combiningClass == 0 {
                flush()
                ordered.append(change)
            } else {
                marks.append(change)
            }
        }
        for scalar in text.scalars {
            if scalar.isASCII {
                put(scalar, isFirst: true)
            } else {
                for (i, part) in parts(of: scalar).enumerated() { put(part, isFirst: i == 0) }
            }
        }
        flush()
        return ordered
    }

    private func parts(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if !isCompatible { return Self.isKnown(scalar) ? BertNormalizer.decomposed(scalar) : [scalar] }
        guard Self.isKnown(scalar) else { return [scalar] }
        return Array(String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars)
    }

    private static func composed(_ parts: [Change]) -> [Change] {
        var result: [Change] = []
        // A starter, and the marks behind it that did not go into it.
        var starter: Change?
        var marks: [Change] = []
        for part in parts {
            guard let base = starter else {
                if part.combiningClass == 0 { starter = part } else { result.append(part) }
                continue
            }
            let isBlocked = marks.last.map { $0.combiningClass >= part.combiningClass } ?? false
            if !isBlocked, let whole = compose(base.scalar, part.scalar) {
                starter = Change(scalar: whole, change: base.change + part.change - 1, combiningClass: 0)
            } else if part.combiningClass == 0 {
                result.append(base)
                result += marks
                marks.removeAll(keepingCapacity: true)
                starter = part
            } else {
                marks.append(part)
            }
        }
        if let starter { result.append(starter) }
        return result + marks
    }

    /// The primary composite of two scalars.
    private static func compose(_ base: Unicode.Scalar, _ next: Unicode.Scalar) -> Unicode.Scalar? {
        guard next.value >= 0x300 else { return nil }
        if let syllable = syllable(base.value, next.value) { return Unicode.Scalar(syllable) }
        return composites[UInt64(base.value) << 32 | UInt64(next.value)]
    }

    /// All pairs that become one scalar: what decomposes into two or more parts, less its last. Foundation
    /// composes too, but not all of Kannada, nor the last final consonant of Hangul.
    private static let composites: [UInt64: Unicode.Scalar] = {
        let scalars = [UInt32(0xC0)..<0x3100, 0x11000..<0x12000].joined().compactMap(Unicode.Scalar.init)
        var whole: [[Unicode.Scalar]: Unicode.Scalar] = [:]
        var parts: [([Unicode.Scalar], Unicode.Scalar)] = []
        for scalar in scalars where isKnown(scalar) && !scalar.properties.isFullCompositionExclusion {
            let decomposed = BertNormalizer.decomposed(scalar)
            guard decomposed.count > 1 else { continue }
            whole[decomposed] = scalar
            parts.append((decomposed, scalar))
        }
        var composites: [UInt64: Unicode.Scalar] = [:]
        for (parts, scalar) in parts {
            let base = parts.count == 2 ? parts[0] : whole[Array(parts.dropLast())]
            if let base {
                composites[UInt64(base.value) << 32 | UInt64(parts[parts.count - 1].value)] = scalar
            }
        }
        return composites
    }()

    /// A syllable of Hangul, by arithmetic.
    private static func syllable(_ base: UInt32, _ next: UInt32) -> UInt32? {
        switch (base, next) {
        case (0x1100...0x1112, 0x1161...0x1175): 0xAC00 + ((base - 0x1100) * 21 + (next - 0x1161)) * 28
        case (0xAC00...0xD7A3, 0x11A8...0x11C2) where (base - 0xAC00) % 28 == 0: base + (next - 0x11A7)
        default: nil
        }
    }

    // MARK: Unicode 9

    private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x400 { return true }
        guard let age = scalar.properties.age else { return false }
        return age.major <= 9
    }

    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        if scalar.value < 0x300 { return 0 }
        let value = scalar.properties.canonicalCombiningClass.rawValue
        return value != 0 && isKnown(scalar) ? value : 0
    }

    /// Whether a scalar combines with the one before it.
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: return false
        // These were moved to another category later.
        case 0x1CF2, 0x1CF3: return true
        case 0x111C9: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return isKnown(scalar)
        default: return false
        }
    }
}
