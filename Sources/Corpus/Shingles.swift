import Foundation

/// The runs of five characters that a text is made of, as a set.
///
/// Upper or lower case, Unicode forms and the amount of white space make no difference. Two texts are as alike as
/// Jaccard's index of their sets says:
///
///     J(A, B) = |A ∩ B| / |A ∪ B|        in [0, 1]
///
/// Runs of characters rather than of words, for most texts here are short: of a tweet of ten words one other
/// word changes half of all runs of three words, and a fifth of the runs of five characters.
///
/// Source: Broder, *On the resemblance and containment of documents*,
/// [doi:10.1109/SEQUEN.1997.666900](https://doi.org/10.1109/SEQUEN.1997.666900).
public struct Shingles: Sendable, Hashable {
    /// Unicode scalars in a run.
    public static let length = 5

    /// Hashes of 64 bits, each once, in rising order.
    let hashes: [UInt64]

    /// A text that is shorter than a run is one run by itself.
    public init(of text: String, pair: String? = nil) {
        var scalars = Self.folded(text)
        if let pair { scalars += [0x1F] + Self.folded(pair) }
        let count = max(1, scalars.count - Self.length + 1)
        var all = (0..<count).map { Self.hash(scalars[$0..<min($0 + Self.length, scalars.count)]) }
        all.sort()
        var last: UInt64?
        all.removeAll { hash in
            defer { last = hash }
            return hash == last
        }
        hashes = all
    }

    /// How many runs there are.
    public var count: Int { hashes.count }

    /// |A ∩ B| / |A ∪ B|.
    public func jaccard(_ other: Shingles) -> Double {
        var (i, j, shared) = (0, 0, 0)
        while i < hashes.count, j < other.hashes.count {
            let (a, b) = (hashes[i], other.hashes[j])
            if a == b { shared += 1 }
            if a <= b { i += 1 }
            if b <= a { j += 1 }
        }
        return Double(shared) / Double(hashes.count + other.hashes.count - shared)
    }

    /// Lower case, composed, one space for white space of any length, none at the ends.
    private static func folded(_ text: String) -> [UInt32] {
        var scalars: [UInt32] = []
        for scalar in text.precomposedStringWithCanonicalMapping.lowercased().unicodeScalars {
            if scalar.properties.isWhitespace {
                if let last = scalars.last, last != 0x20 { scalars.append(0x20) }
            } else {
                scalars.append(scalar.value)
            }
        }
        if scalars.last == 0x20 { scalars.removeLast() }
        return scalars
    }

    /// FNV-1a over scalars, with its bits mixed at the end.
    private static func hash(_ scalars: ArraySlice<UInt32>) -> UInt64 {
        mixed(scalars.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }

    /// The last step of SplitMix64: each bit of the input moves about half of the output's.
    ///
    /// Source: Steele, Lea and Flood, [doi:10.1145/2714064.2660195](https://doi.org/10.1145/2714064.2660195).
    static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
