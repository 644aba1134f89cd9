/// A text as `BertNormalizer` leaves it, and where each byte came from.
///
/// Words are cut on the fly (see `WordSplitter`). The text as a whole is needed where something has
/// to be found in it, and where marks change places.
struct NormalizedText: Equatable {
    private(set) var bytes: [UInt8] = []
    /// Which scalar of the original text each byte came from.
    private(set) var origins: [Int32] = []

    fileprivate mutating func append(_ scalar: Unicode.Scalar, from origin: Int32) {
        for byte in UTF8.encode(scalar)! {
            bytes.append(byte)
            origins.append(origin)
        }
    }

    /// The scalars of the original text that some bytes, at least one, stand for.
    func origin(of part: Range<Int>) -> Range<Int> {
        Int(origins[part.lowerBound])..<Int(origins[part.upperBound - 1]) + 1
    }
}

extension BertNormalizer {
    /// Normalizes a whole text.
    ///
    /// - Parameter first: the number of its first scalar.
    func normalized(_ text: UnsafeBufferPointer<UInt8>, first: Int) -> NormalizedText {
        var cleaned: [(scalar: Unicode.Scalar, origin: Int32)] = []
        var position = 0
        var origin = Int32(truncatingIfNeeded: first)
        while position < text.count {
            let (scalar, length) = unsafe UTF8Scalars.scalar(in: text, at: position)
            for scalar in spaced(scalar) { cleaned.append((scalar, origin)) }
            position += length
            origin += 1
        }
        var result = NormalizedText()
        for (scalar, origin) in stripsAccents ? withoutAccents(cleaned) : cleaned {
            guard lowercases else {
                result.append(scalar, from: origin)
                continue
            }
            for lowered in scalar.properties.lowercaseMapping.unicodeScalars {
                result.append(lowered, from: origin)
            }
        }
        return result
    }

    /// A scalar after cleaning, with a space on each side where it stands alone.
    private func spaced(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if cleansText {
            if Self.isRemoved(scalar) { return [] }
            if Self.isWhitespace(scalar) { return [" "] }
        }
        return handlesChinese && Self.isChinese(scalar) ? [" ", scalar, " "] : [scalar]
    }

    /// Decomposes, puts marks in canonical order, and strips those without a width.
    ///
    /// Marks change places but their origins do not: `tokenizers` aligns by position.
    private func withoutAccents(
        _ text: [(scalar: Unicode.Scalar, origin: Int32)]
    ) -> [(scalar: Unicode.Scalar, origin: Int32)] {
        var marks: [(class: UInt8, scalar: Unicode.Scalar, isFirst: Bool)] = []
        var ordered: [(scalar: Unicode.Scalar, isFirst: Bool)] = []
        func flush() {
            // Swift's sort keeps the order of equals, as canonical ordering asks.
            for mark in marks.sorted(by: { $0.class < $1.class }) {
                ordered.append((mark.scalar, mark.isFirst))
            }
            marks.removeAll(keepingCapacity: true)
        }
        for (scalar, _) in text {
            for (index, part) in Self.decomposed(scalar).enumerated() {
                let combiningClass = part.properties.canonicalCombiningClass.rawValue
                if combiningClass == 0 {
                    flush()
                    ordered.append((part, index == 0))
                } else {
                    marks.append((combiningClass, part, index == 0))
                }
            }
        }
        flush()
        var source = -1
        return ordered.compactMap { scalar, isFirst in
            if isFirst { source += 1 }
            guard Self.category(scalar) != .nonspacingMark else { return nil }
            return (scalar, text[max(source, 0)].origin)
        }
    }

    /// Whether marks may have to change places that are not stripped, so that it can be seen.
    func reorders(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard stripsAccents else { return false }
        var position = 0
        while position < text.count {
            if unsafe text[position] < 0xCC {
                position += 1
                continue
            }
            let (scalar, length) = unsafe UTF8Scalars.scalar(in: text, at: position)
            if Self.isLoose(scalar) { return true }
            position += length
        }
        return false
    }

    /// Whether a mark stays, and may have to change places, when a scalar is decomposed and stripped.
    private static func isLoose(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<looseEnd: looseTable[Int(scalar.value)]
        // Ideographs and syllables, of which there are many in a text.
        case looseEnd...0x9FFF, 0xAC00...0xD7A3: false
        // Of what decomposes, only musical notes leave such a mark: their stem.
        case 0x1D15E...0x1D1C0: true
        default: hasPlace(scalar)
        }
    }

    private static func hasPlace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.canonicalCombiningClass != .notReordered && category(scalar) != .nonspacingMark
    }

    // Asking for properties takes as long as tokenizing; most alphabets lie here.
    private static let looseEnd: UInt32 = 0x3100
    private static let looseTable = (0..<looseEnd).map { Unicode.Scalar($0).map(hasPlace) ?? false }
}
