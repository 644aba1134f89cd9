import Corpus
import Foundation
import TestSupport
import Testing

@Suite struct NearDuplicatesTests {
    /// What `Tests/Reference/corpus_near_duplicates.py` worked out with sets and with datasketch.
    struct Reference: Decodable {
        var texts: [String]
        /// All pairs whose index is at least .5, and that index.
        var pairs: [[Double]]
        /// What datasketch finds at .8.
        var found: [[Int]]
        /// Of datasketch's estimates.
        var rootMeanSquareError: Double
    }

    private let reference: Reference

    init() throws {
        reference = try JSONDecoder().decode(Reference.self, from: fixture("near_duplicates.json"))
    }

    @Test func `Jaccard's index is that of the reference's sets, for every pair`() {
        let shingles = reference.texts.map { Shingles(of: $0) }
        var pairs: [[Double]] = []
        for a in shingles.indices {
            for b in shingles.indices.dropFirst(a + 1) {
                let index = shingles[a].jaccard(shingles[b])
                #expect(index == shingles[b].jaccard(shingles[a]))
                if index >= 0.5 { pairs.append([Double(a), Double(b), index]) }
            }
        }

        #expect(pairs.count == reference.pairs.count)
        for (pair, expected) in zip(pairs, reference.pairs) {
            #expect(pair[0] == expected[0] && pair[1] == expected[1])
            #expect(abs(pair[2] - expected[2]) < 1e-9)
        }
    }

    @Test func `signatures estimate the index as well as datasketch's of the same size`() {
        let signatures = reference.texts.map { MinHash(Shingles(of: $0)) }
        let errors = reference.pairs.map { pair in
            signatures[Int(pair[0])].similarity(to: signatures[Int(pair[1])]) - pair[2]
        }
        let meanSquare = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)

        // The binomial deviation at J = .5, where it is widest.
        let widest = (0.25 / Double(MinHash.count)).squareRoot()
        #expect(meanSquare.squareRoot() < widest)
        #expect(reference.rootMeanSquareError < widest)
        #expect(errors.allSatisfy { abs($0) < 4.5 * widest })
        #expect(
            abs(errors.reduce(0, +) / Double(errors.count)) < 3 * widest / Double(errors.count).squareRoot())
    }

    @Test func `the pairs that are found are those that datasketch finds`() {
        let prints = reference.texts.map { NearDuplicates.Fingerprint(of: $0) }
        var found: Set<[Int]> = []
        for first in prints.indices {
            var index = NearDuplicates()
            for other in prints[..<first] { index.insert(other) }
            guard let match = index.match(prints[first]) else { continue }
            found.insert([match.number, first])
        }

        // Of several that are nearly the same as a text the most similar is told, so each later half is there.
        #expect(found.isSubset(of: Set(reference.found)))
        #expect(Set(found.map { $0[1] }) == Set(reference.found.map { $0[1] }))
    }

    @Test func `case, Unicode form and white space make no difference, the pair does`() {
        let plain = Shingles(of: "Caf\u{E9} society")
        #expect(plain == Shingles(of: " cafe\u{301}\n SOCIETY "))
        #expect(plain != Shingles(of: "cafe society"))
        #expect(Shingles(of: "a question", pair: "its answer") != Shingles(of: "a question its answer"))
        #expect(Shingles(of: "a question", pair: "") != Shingles(of: "a question"))
    }

    @Test func `a text matches itself wholly, and a short one only itself`() throws {
        var index = NearDuplicates()
        for text in ["ok", "good", "a film about nothing at all"] { index.insert(.init(of: text)) }

        let same = try #require(index.match(.init(of: "OK")))
        #expect(same.number == 0 && same.similarity == 1)
        #expect(try #require(index.match(.init(of: "a film about nothing at all!"))).number == 2)
        for text in ["", "no", "goods"] { #expect(index.match(.init(of: text)) == nil, "\(text)") }
        #expect(index.count == 3)
    }

    @Test func `a pair at the threshold is hardly ever overlooked`() {
        // Of 40 different runs two texts share 40 − 4 with an index of 36/44 = .818.
        var dice = Dice(state: 3)
        var overlooked = 0
        for _ in 0..<300 {
            let letters = (0..<44).map { _ in
                String("abcdefghijklmnopqrstuvwxyz".randomElement(using: &dice)!)
            }
            let other = letters.dropLast(4) + ["1", "2", "3", "4"]
            var index = NearDuplicates()
            index.insert(.init(of: letters.joined()))
            if index.match(.init(of: other.joined())) == nil { overlooked += 1 }
        }

        // .0008 of them by the formula; five of 300 have a chance of one in 180,000.
        #expect(overlooked < 5)
    }
}

/// SplitMix64: the same texts in each run.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
