/// Finds what `NearDuplicates` finds among more texts than memory would hold, in two passes over them.
///
/// The first pass notes 32 bits of each band of each text, and `link()` then chains the texts that share a band.
/// The second pass asks about the texts once more, in the same order: only those that are chained are compared,
/// and only their shingles are held. That is 80 bytes a text, and what the chained ones need.
public struct NearDuplicateLinks: Sendable {
    private static let bands = NearDuplicates.bands
    /// Nothing before it shares the band.
    private static let none = UInt32.max

    /// The index from which on two texts are nearly the same, in (0, 1].
    public let threshold: Double
    /// For each text and band: first the band's bits, then the number of the text before it in the chain.
    private var places: [UInt32] = []
    /// Whether any text before or after it shares a band.
    private var isLinked: [Bool] = []
    /// Whether any text after it does, which is then compared with it.
    private var isFollowed: [Bool] = []
    private var kept: [UInt32: Shingles] = [:]

    public init(threshold: Double = 0.8) {
        precondition(threshold > 0 && threshold <= 1, "a threshold lies in (0, 1], not at \(threshold)")
        self.threshold = threshold
    }

    /// How many texts were noted.
    public var count: Int { places.count / Self.bands }

    /// First pass: the next text.
    public mutating func note(_ fingerprint: NearDuplicates.Fingerprint) {
        for band in fingerprint.bands { places.append(UInt32(truncatingIfNeeded: band >> 32)) }
    }

    /// Between the passes.
    public mutating func link() {
        isLinked = [Bool](repeating: false, count: count)
        isFollowed = isLinked
        var order = [UInt64](repeating: 0, count: count)
        for band in 0..<Self.bands {
            // Bits above, number below: sorted, equal bands lie together and texts in their order.
            for text in 0..<count {
                order[text] = UInt64(places[text * Self.bands + band]) << 32 | UInt64(text)
            }
            order.sort()
            var last: UInt64?
            for entry in order {
                let text = Int(entry & 0xFFFF_FFFF)
                places[text * Self.bands + band] = Self.none
                if let last, last >> 32 == entry >> 32 {
                    let before = UInt32(truncatingIfNeeded: last)
                    places[text * Self.bands + band] = before
                    (isLinked[text], isLinked[Int(before)]) = (true, true)
                    isFollowed[Int(before)] = true
                }
                last = entry
            }
        }
    }

    /// Whether a text shares a band with any other: of no other need anything be known in the second pass.
    public func isLinked(_ text: Int) -> Bool { isLinked[text] }

    /// Second pass: the text that was kept before and is most like this one, where one is nearly the same:
    /// its number, and Jaccard's index.
    public mutating func match(_ text: Int, _ shingles: Shingles) -> (number: Int, similarity: Double)? {
        var seen: Set<UInt32> = []
        var best: (number: Int, similarity: Double)?
        for band in 0..<Self.bands {
            // Texts that were not kept are left out of the chain for good.
            var candidate = nextKept(places[text * Self.bands + band], band)
            places[text * Self.bands + band] = candidate
            while candidate != Self.none {
                if seen.insert(candidate).inserted, let other = kept[candidate] {
                    let similarity = other.jaccard(shingles)
                    if similarity >= threshold, similarity > best?.similarity ?? 0 {
                        best = (Int(candidate), similarity)
                    }
                }
                candidate = nextKept(places[Int(candidate) * Self.bands + band], band)
            }
        }
        return best
    }

    private func nextKept(_ text: UInt32, _ band: Int) -> UInt32 {
        var text = text
        while text != Self.none, kept[text] == nil { text = places[Int(text) * Self.bands + band] }
        return text
    }

    /// Second pass: later texts are compared with this one.
    ///
    /// - Returns: whether there will be any.
    @discardableResult
    public mutating func keep(_ text: Int, _ shingles: Shingles) -> Bool {
        guard isFollowed[text] else { return false }
        kept[UInt32(text)] = shingles
        return true
    }
}
