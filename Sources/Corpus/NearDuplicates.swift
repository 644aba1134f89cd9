/// Finds among many texts those that are nearly the same as another, without comparing each with each.
///
/// A signature is cut into bands. Texts that agree in all places of one band at least are looked at, and Jaccard's
/// index of their shingles, not its estimate, decides. With b bands of r places each, a pair of the index J is
/// looked at with the probability
///
///     1 − (1 − Jʳ)ᵇ
///
/// which is .998 at J = .8 and .015 at J = .3 with the twenty bands of six places here. What is found is
/// always true; two pairs in a thousand at .8 are overlooked, and fewer above it.
///
/// Source: Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, section 3.4, <http://www.mmds.org>.
public struct NearDuplicates: Sendable {
    static let bands = 20

    /// The index from which on two texts are nearly the same, in (0, 1].
    public let threshold: Double
    private var texts: [Shingles] = []
    /// For each band's content the last text that has it, and for each text and band the one before it.
    private var last: [UInt64: Int32] = [:]
    private var previous: [Int32] = []

    public init(threshold: Double = 0.8) {
        precondition(threshold > 0 && threshold <= 1, "a threshold lies in (0, 1], not at \(threshold)")
        self.threshold = threshold
    }

    /// A text as it is compared: worked out once, looked up and inserted where wished.
    public struct Fingerprint: Sendable {
        let shingles: Shingles
        let bands: [UInt64]

        public init(of text: String, pair: String? = nil) {
            shingles = Shingles(of: text, pair: pair)
            let minima = MinHash(shingles).minima
            let places = minima.count / NearDuplicates.bands
            bands = (0..<NearDuplicates.bands).map { band in
                minima[band * places..<(band + 1) * places].reduce(UInt64(band)) {
                    Shingles.mixed($0 ^ UInt64($1)) &+ 0x9e37_79b9_7f4a_7c15
                }
            }
        }
    }

    /// How many texts were inserted.
    public var count: Int { texts.count }

    /// Remembers a text; the first one gets the number 0.
    public mutating func insert(_ fingerprint: Fingerprint) {
        let number = Int32(texts.count)
        for band in fingerprint.bands {
            previous.append(last.updateValue(number, forKey: band) ?? -1)
        }
        texts.append(fingerprint.shingles)
    }

    /// The remembered text that is most like another, where one is nearly the same: its number, and
    /// Jaccard's index.
    public func match(_ fingerprint: Fingerprint) -> (number: Int, similarity: Double)? {
        var seen: Set<Int32> = []
        var best: (number: Int, similarity: Double)?
        for (band, key) in fingerprint.bands.enumerated() {
            var candidate = last[key] ?? -1
            while candidate >= 0 {
                if seen.insert(candidate).inserted {
                    let similarity = texts[Int(candidate)].jaccard(fingerprint.shingles)
                    if similarity >= threshold, similarity > best?.similarity ?? 0 {
                        best = (Int(candidate), similarity)
                    }
                }
                candidate = previous[Int(candidate) * Self.bands + band]
            }
        }
        return best
    }
}
