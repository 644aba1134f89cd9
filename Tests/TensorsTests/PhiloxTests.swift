import CKernels
import Tensors
import Testing

@Suite struct `Philox random numbers` {
    /// The known answers that Random123 publishes for `philox4x32 10` and, last, `7` (kat_vectors).
    /// <https://github.com/DEShawResearch/random123>
    @Test func `equal the published known answers`() {
        #expect(
            Philox.block([0, 0, 0, 0], key: (0, 0)) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        let ones = UInt32.max
        #expect(
            Philox.block([ones, ones, ones, ones], key: (ones, ones))
                == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        #expect(
            Philox.block(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: (0xa409_3822, 0x299f_31d0))
                == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
        #expect(
            Philox.block([0, 0, 0, 0], key: (0, 0), rounds: 7)
                == [0x5f6f_b709, 0x0d89_3f64, 0x4f12_1f81, 0x4f73_0a48])
    }

    @Test func `repeat from a seed, and differ between seeds and streams`() {
        func numbers(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
            var philox = Philox(seed: seed, stream: stream)
            return (0..<8).map { _ in philox.next() }
        }
        #expect(numbers(1, 2) == numbers(1, 2))
        #expect(numbers(1, 2) != numbers(1, 3) && numbers(1, 2) != numbers(2, 2))
    }

    @Test func `have the moments of their distribution`() {
        var philox = Philox(seed: 1, stream: 1)
        let uniform = (0..<100_000).map { _ in Double.random(in: 0..<1, using: &philox) }
        #expect(abs(uniform.reduce(0, +) / 100_000 - 0.5) < 0.005)
        let normal = (0..<100_000).map { _ in philox.nextNormal() }
        #expect(abs(normal.reduce(0, +) / 100_000) < 0.015)
        let squares = normal.reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares / 100_000 - 1) < 0.02)
        #expect(normal.allSatisfy { $0.isFinite })
    }

    @Test func `shuffle into a permutation that the seed decides`() {
        func shuffled(_ seed: UInt64) -> [Int] {
            var philox = Philox(seed: seed, stream: 0)
            return (0..<100).shuffled(using: &philox)
        }
        #expect(shuffled(1) == shuffled(1) && shuffled(1) != shuffled(2))
        #expect(shuffled(1).sorted() == Array(0..<100))
    }
}

@Suite struct `Dropout masks` {
    private let ones = Matrix(rows: 1, columns: 200_000, values: [Float](repeating: 1, count: 200_000))

    @Test func `drop their share, scale the rest, and repeat exactly`() {
        let y = ones.dropout(rate: 0.1, seed: 1, stream: 2)
        #expect((19_400...20_600).contains(y.values.count { $0 == 0 }))
        #expect(y.values.allSatisfy { $0 == 0 || abs($0 - 1 / 0.9) < 1e-4 })
        #expect(ones.dropout(rate: 0.1, seed: 1, stream: 2) == y)
        #expect(ones.dropout(rate: 0.1, seed: 1, stream: 3) != y)
        #expect(ones.dropout(rate: 0.1, seed: 2, stream: 2) != y)
        #expect(ones.dropout(rate: 0, seed: 2, stream: 2) == ones)
    }

    @Test(arguments: Variant.all)
    func `are those that single Philox blocks give, on every variant and from any element`(_ variant: Variant)
    {
        let n = 700
        let x = random(1, n, 1)
        let (seed, stream): (UInt64, UInt64) = (12 << 32 | 11, 14 << 32 | 13)
        for first in [0, 1, 5, 63, 64, 200, 699] {
            var y = Matrix(rows: 1, columns: n - first)
            unsafe variant.table.dropout(
                x.pointer + first, y.mutablePointer, first, n - first, 0.25, seed, stream)
            for e in first..<n {
                let block = UInt32(e / 128 * 16 + e % 16)
                let word = Philox.block([block, 0, 13, 14], key: (11, 12), rounds: 7)[e % 64 / 16]
                let half = e % 128 < 64 ? word & 0xFFFF : word >> 16
                #expect(y[0, e - first] == (half < 1 << 14 ? 0 : x[0, e] * (1 / 0.75)))
            }
        }
    }
}
