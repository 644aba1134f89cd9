/// Philox4x32-10: random numbers as a function of seed, stream and counter.
///
/// Whoever asks for number n of a stream gets the same one, in whatever order. The dropout kernels
/// compute the same function with seven rounds.
///
/// Source: Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC'11.
public struct Philox: RandomNumberGenerator, Sendable {
    private let seed: UInt64
    private let stream: UInt64
    private var block: UInt64 = 0
    /// The words of the newest block; `left` of them are still to be given.
    private var words = SIMD4<UInt32>()
    private var left = 0

    public init(seed: UInt64, stream: UInt64) {
        self.seed = seed
        self.stream = stream
    }

    /// The four words of one block.
    public static func block(
        _ counter: SIMD4<UInt32>, key: (UInt32, UInt32), rounds: Int = 10
    ) -> SIMD4<UInt32> {
        var c = counter
        var key = key
        for _ in 0..<rounds {
            let p0 = UInt64(c[0]) * 0xD251_1F53
            let p1 = UInt64(c[2]) * 0xCD9E_8D57
            c = [
                UInt32(p1 >> 32) ^ c[1] ^ key.0, UInt32(truncatingIfNeeded: p1),
                UInt32(p0 >> 32) ^ c[3] ^ key.1, UInt32(truncatingIfNeeded: p0),
            ]
            key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85)
        }
        return c
    }

    public mutating func next() -> UInt64 {
        if left == 0 {
            words = Self.block(
                [
                    UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
                    UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32),
                ], key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
            block += 1
            left = 4
        }
        let place = 4 - left
        left -= 2
        return UInt64(words[place + 1]) << 32 | UInt64(words[place])
    }

    /// A number of the standard normal distribution, by Box and Muller.
    public mutating func nextNormal() -> Double {
        let u = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &self)
        let angle = Double.random(in: 0..<1, using: &self)
        return (-2 * logarithm(u)).squareRoot() * cosine(2 * .pi * angle)
    }
}
