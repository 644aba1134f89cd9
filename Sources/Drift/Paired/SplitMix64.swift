/// A small, seeded random number generator: the same seed gives the same numbers on every machine.
///
/// Source: Steele, Lea and Flood, [doi:10.1145/2660193.2660195](https://doi.org/10.1145/2660193.2660195).
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable, Codable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A uniform number in [0, 1) with 53 random bits.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A uniform whole number in 0..<count; its bias is below 2⁻⁴⁰ for real sets.
    package mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// `count` different whole numbers of 0..<total, in the order of the lot.
    mutating func sample(_ count: Int, of total: Int) -> [Int] {
        var numbers = Array(0..<total)
        for place in 0..<count { numbers.swapAt(place, place + index(below: total - place)) }
        return Array(numbers.prefix(count))
    }
}
