import Corpus
import Testing

@Suite struct SplitTests {
    private let hashes = (0..<5_000).map { ContentHash(of: Example(text: "row \($0)", target: .label("x"))) }

    @Test func `the shares are what was asked for`() {
        let sides = hashes.map { Split.of($0) }
        // Four standard deviations of a binomial count.
        for (side, share) in [(Split.train, 0.7), (.development, 0.1), (.holdout, 0.2)] {
            let count = Double(sides.count { $0 == side })
            #expect(abs(count - 5_000 * share) < 4 * (5_000 * share * (1 - share)).squareRoot())
        }
    }

    @Test func `a larger hold-out keeps all that were held out before`() {
        for hash in hashes where Split.of(hash) == .holdout {
            #expect(Split.of(hash, shares: .init(development: 0.1, holdout: 0.3)) == .holdout)
        }
    }

    @Test func `the ends of the scale are on their sides`() throws {
        let least = try #require(ContentHash(hex: String(repeating: "0", count: 64)))
        let greatest = try #require(ContentHash(hex: String(repeating: "f", count: 64)))
        #expect(Split.of(least) == .holdout)
        #expect(Split.of(greatest) == .train)
        #expect(Split.of(least, shares: .init(development: 0, holdout: 0)) == .train)
        #expect(Split.of(greatest, shares: .init(development: 0, holdout: 1)) == .holdout)
    }
}
