import Corpus
import Foundation
import TestSupport
import Testing

/// Rows that are divided, counted and compared, many at a time.
@Suite struct DataSortingTests {
    // MARK: Near duplicates

    /// Texts of which many are another one with a word changed.
    private static let texts: [String] = {
        var random = SplitMix64(seed: 3)
        let words = (0..<40).map { "word\(String($0, radix: 36))" + String(repeating: "x", count: $0 % 5) }
        var texts: [String] = []
        for _ in 0..<600 {
            if texts.count > 10, random.next(below: 3) == 0 {
                var parts = texts[random.next(below: texts.count)].split(separator: " ").map(String.init)
                if random.next(below: 2) == 0 {
                    parts[random.next(below: parts.count)] = words[random.next(below: 40)]
                }
                texts.append(parts.joined(separator: " "))
            } else {
                texts.append(
                    (0..<12 + random.next(below: 12)).map { _ in words[random.next(below: 40)] }
                        .joined(separator: " "))
            }
        }
        return texts
    }()

    @Test(arguments: [0.6, 0.8, 1]) func `two passes find what one finds that holds all texts`(
        _ threshold: Double
    ) {
        var single = NearDuplicates(threshold: threshold)
        var numbers: [Int] = []
        var links = NearDuplicateLinks(threshold: threshold)
        for text in Self.texts { links.note(.init(of: text)) }
        links.link()
        #expect(links.count == Self.texts.count)
        var found = 0
        for (number, text) in Self.texts.enumerated() {
            let wanted = single.match(.init(of: text))
            let shingles = Shingles(of: text)
            let match = links.isLinked(number) ? links.match(number, shingles) : nil
            #expect(match?.similarity == wanted?.similarity)
            // Of several that are equally alike, each may name another.
            if let match, let wanted {
                found += 1
                let named = Shingles(of: Self.texts[numbers[wanted.number]])
                #expect(Shingles(of: Self.texts[match.number]).jaccard(shingles) == named.jaccard(shingles))
            } else {
                single.insert(.init(of: text))
                numbers.append(number)
                if links.isLinked(number) { links.keep(number, shingles) }
            }
        }
        #expect(found > 50)
    }

    @Test func `a text that comes ten thousand times costs no more each time`() {
        var links = NearDuplicateLinks()
        let fingerprint = NearDuplicates.Fingerprint(of: "the same text over and over again")
        let shingles = Shingles(of: "the same text over and over again")
        for _ in 0..<20_000 { links.note(fingerprint) }
        links.link()
        links.keep(0, shingles)
        let begun = ContinuousClock.now
        for number in 1..<20_000 { #expect(links.match(number, shingles)?.number == 0) }
        #expect(ContinuousClock.now - begun < .seconds(5))
    }

    // MARK: Splits

    private static let sides = [
        StratifiedSplit.Side(name: "train", share: 0.8), .init(name: "development", share: 0.1),
        .init(name: "holdout", share: 0.1),
    ]

    private func unit(_ number: Int) -> UInt64 { ContentHash.key(of: "unit \(number)") }

    @Test func `each side has its share of each stratum, to a row`() {
        var split = StratifiedSplit(Self.sides)
        let sizes = ["a": 1_000, "b": 70, "c": 5]
        for (name, size) in sizes {
            for row in 0..<size { split.note(unit: ContentHash.key(of: name, "\(row)"), stratum: name) }
        }
        let assigned = split.assigned()
        for (name, size) in sizes {
            for (index, side) in Self.sides.enumerated() {
                let count = (0..<size).count { assigned[ContentHash.key(of: name, "\($0)")] == index }
                #expect(
                    abs(Double(count) - side.share * Double(size)) < 1, "\(name) on \(side.name): \(count)")
            }
        }
    }

    @Test func `many strata of one unit each are on all sides`() {
        var split = StratifiedSplit(Self.sides)
        for number in 0..<2_000 { split.note(unit: unit(number), stratum: "label \(number)") }
        let assigned = split.assigned()
        let counts = Self.sides.indices.map { side in assigned.values.count { $0 == side } }
        // Three deviations of a binomial share.
        #expect(abs(counts[0] - 1_600) < 54 && abs(counts[1] - 200) < 41 && abs(counts[2] - 200) < 41)
    }

    @Test func `the order of rows makes no difference, and a group stays together`() {
        var rows = (0..<900).map { (unit($0 / 3), $0 % 7 == 0 ? "rare" : "usual") }
        func sides(_ rows: [(UInt64, String)]) -> [UInt64: Int] {
            var split = StratifiedSplit(Self.sides)
            for (unit, stratum) in rows { split.note(unit: unit, stratum: stratum) }
            return split.assigned()
        }
        let first = sides(rows)
        #expect(first.count == 300)
        var random = SplitMix64(seed: 9)
        for place in rows.indices { rows.swapAt(place, random.next(below: rows.count)) }
        #expect(sides(rows) == first)
        let train = first.values.count { $0 == 0 }
        #expect(abs(train - 240) < 4)
    }

    // MARK: Lengths

    private struct Reference: Decodable {
        var quantiles: [Case]

        struct Case: Decodable {
            var lengths: [Int]
            var shares: [Double]
            var mean: Double
            var quantiles: [Int]
        }
    }

    @Test func `quantiles are numpy's`() throws {
        for known in try JSONDecoder().decode(Reference.self, from: fixture("files.json")).quantiles {
            var counts = LengthCounts()
            for length in known.lengths { counts.add(length) }
            #expect(known.shares.map { counts.quantile($0) } == known.quantiles)
            #expect(abs(counts.mean - known.mean) < 1e-9)
            #expect(counts.octaves.reduce(0) { $0 + $1.count } == known.lengths.count)
            #expect(counts.count(above: 12) == known.lengths.count { $0 > 12 })
        }
        #expect(LengthCounts().quantile(0.5) == 0 && LengthCounts().octaves.map(\.count) == [0])
    }
}
