import Drift
import Testing

@Suite struct TermsTests {
    /// Texts of five words out of a hundred; `hot` of them contain "goal kick" in the middle.
    private func texts(_ seed: UInt64, _ count: Int, hot: Int) -> TermCounts {
        var random = SplitMix64(seed: seed)
        var counts = TermCounts()
        for text in 0..<count {
            func word() -> String { "w\(Int(100 * random.uniform() * random.uniform()))" }
            counts.add([word(), word()] + (text < hot ? ["goal", "kick"] : []) + [word()])
        }
        return counts
    }

    @Test func `the words of a new topic rise, alone and together`() {
        let shifts = termShifts(of: texts(1, 1_000, hot: 120), against: texts(2, 1_000, hot: 5))
        #expect(Set(shifts.rising.prefix(3).map(\.term)) == ["goal", "kick", "goal kick"])
        #expect(shifts.rising[0].timesAsOften > 5)
        let back = termShifts(of: texts(2, 1_000, hot: 5), against: texts(1, 1_000, hot: 120))
        #expect(back.falling.map(\.term) == shifts.rising.map(\.term))
    }

    @Test func `two stretches of one language show nothing`() {
        let strange = (0..<20 as Range<UInt64>).map { seed in
            let shifts = termShifts(of: texts(seed, 500, hot: 0), against: texts(seed + 99, 500, hot: 0))
            return shifts.rising.count + shifts.falling.count
        }
        #expect(strange.reduce(0, +) <= 2)
        #expect(termShifts(of: TermCounts(), against: texts(1, 5, hot: 0)).rising.isEmpty)
    }

    @Test func `a full table forgets the rare and says how much`() {
        var counts = TermCounts(order: 1, capacity: 10)
        for round in 0..<100 {
            counts.add(["often", "seldom\(round)"])
        }
        #expect(counts.counts["often"] == 100)
        #expect(counts.counts.count <= 20)
        #expect(counts.total == 200 && counts.texts == 100)
        #expect(counts.forgotten > 0)
    }

    @Test func `merged counts are the counts of all texts`() throws {
        var merged = texts(1, 20, hot: 3)
        merged.merge(texts(2, 30, hot: 1))
        #expect(merged.texts == 50)
        #expect(merged.counts["goal kick"] == 4)
        #expect(merged.counts.values.reduce(0, +) == merged.total)
        #expect(try roundTrip(merged) == merged)
    }

    @Test func `a pair of labels that came to be confused leads the list`() throws {
        let pairs = confusedPairs(
            of: confusion([[50, 45, 5], [4, 90, 6], [3, 2, 95]]),
            against: confusion([[90, 5, 5], [5, 90, 5], [2, 3, 95]]))
        let first = try #require(pairs.first)
        #expect(first.truth == 0 && first.prediction == 1)
        #expect(isClose(first.rise, 0.4))
        #expect(first.correctedPValue < 1e-6)
        #expect(pairs.dropFirst().allSatisfy { $0.correctedPValue > 0.5 })
    }

    @Test func `a class that became frequent is not thereby confused`() {
        let pairs = confusedPairs(
            of: confusion([[900, 100], [5, 95]]), against: confusion([[90, 10], [5, 95]]))
        #expect(pairs.allSatisfy { $0.rise == 0 && $0.correctedPValue == 1 })
        #expect(
            confusedPairs(of: confusion([[0, 0], [1, 1]]), against: confusion([[1, 1], [1, 1]])).count == 1)
    }
}
