import Tensors
import Testing
import Training

@Suite struct BatchSamplerTests {
    /// Lengths from 5 to 84, as texts have them.
    private let lengths: [Int]

    init() {
        var random = Philox(seed: 1, stream: 0)
        lengths = (0..<1_000).map { _ in Int.random(in: 5..<85, using: &random) }
    }

    private func sampler(rows: Int = 32, tokens: Int = 1_024, seed: UInt64 = 1) -> BatchSampler {
        BatchSampler(lengths: lengths, rowLimit: rows, tokenLimit: tokens, seed: seed)
    }

    @Test(arguments: [(32, 1_024), (8, 100_000), (1_000, 300), (1, 1)])
    func `every row comes once an epoch, within both limits`(_ limits: (rows: Int, tokens: Int)) {
        let batches = sampler(rows: limits.rows, tokens: limits.tokens).batches(epoch: 0)
        #expect(batches.flatMap { $0 }.sorted() == Array(lengths.indices))
        #expect(batches.allSatisfy { !$0.isEmpty && $0.count <= limits.rows })
        // A row that is longer than the budget has a batch of its own.
        #expect(batches.allSatisfy { $0.count == 1 || $0.reduce(0) { $0 + lengths[$1] } <= limits.tokens })
    }

    @Test func `rows of a batch are about as long as each other`() {
        let spreads = sampler().batches(epoch: 0).map { rows in
            rows.map { lengths[$0] }.max()! - rows.map { lengths[$0] }.min()!
        }
        #expect(spreads.reduce(0, +) / spreads.count < 10)
    }

    @Test func `batches come in no order of length`() {
        let means = sampler().batches(epoch: 0).map { rows in rows.reduce(0) { $0 + lengths[$1] } / rows.count
        }
        let rises = zip(means, means.dropFirst()).count { $0 < $1 }
        #expect((means.count / 4..<means.count * 3 / 4).contains(rises))
    }

    @Test func `an epoch repeats itself from its seed, and another epoch or seed is another order`() {
        let sampler = sampler()
        #expect(sampler.batches(epoch: 3) == sampler.batches(epoch: 3))
        #expect(sampler.batches(epoch: 3) != sampler.batches(epoch: 4))
        #expect(sampler.batches(epoch: 3) != self.sampler(seed: 2).batches(epoch: 3))
    }

    @Test func `no rows make no batch`() {
        #expect(BatchSampler(lengths: [], rowLimit: 8, tokenLimit: 8, seed: 1).batches(epoch: 0).isEmpty)
    }
}
