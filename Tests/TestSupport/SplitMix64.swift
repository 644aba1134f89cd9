/// The same numbers from the same seed, here and in the scripts of `Tests/Reference`.
///
/// Source: Steele, Lea & Flood, [doi:10.1145/2714064.2660195](https://doi.org/10.1145/2714064.2660195).
public struct SplitMix64: Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    /// A number from 0 up to `bound`, which it does not reach.
    public mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}
