/// A signature of fixed size by which two sets are compared without the sets.
///
/// Each of its places holds the least value that a hash function of its own takes over the set. Two sets have the
/// same least element with the probability J, their Jaccard index, so the share of places that agree
/// estimates it:
///
///     Ĵ = agreeing / count        E[Ĵ] = J        Var[Ĵ] = J(1 − J) / count
///
/// The functions are (a·x + b) mod 2⁶⁴, its upper 32 bits, a odd: close enough to 2-universal (Dietzfelbinger et
/// al., [doi:10.1006/jagm.1997.0873](https://doi.org/10.1006/jagm.1997.0873)).
///
/// Source: Broder, *On the resemblance and containment of documents*,
/// [doi:10.1109/SEQUEN.1997.666900](https://doi.org/10.1109/SEQUEN.1997.666900).
public struct MinHash: Sendable, Hashable {
    /// Places of a signature.
    public static let count = 120

    let minima: [UInt32]

    public init(_ shingles: Shingles) {
        let (factors, terms) = (Self.factors, Self.terms)
        var minima = [UInt32](repeating: .max, count: Self.count)
        for hash in shingles.hashes {
            for place in 0..<Self.count {
                let value = UInt32(
                    truncatingIfNeeded: (factors[place] &* hash &+ terms[place]) >> 32)
                if value < minima[place] { minima[place] = value }
            }
        }
        self.minima = minima
    }

    /// Ĵ, in [0, 1].
    public func similarity(to other: MinHash) -> Double {
        let agreeing = zip(minima, other.minima).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        return Double(agreeing) / Double(Self.count)
    }

    private static let factors = (0..<count).map { Shingles.mixed(UInt64(2 * $0 + 1)) | 1 }
    private static let terms = (0..<count).map { Shingles.mixed(UInt64(2 * $0 + 2)) }
}
