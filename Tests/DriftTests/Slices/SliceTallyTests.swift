import Drift
import Testing

@Suite struct SliceTallyTests {
    private func tally(_ seed: UInt64, rows: Int, worse: Double) -> SliceTally {
        var random = SplitMix64(seed: seed)
        var tally = SliceTally()
        for _ in 0..<rows {
            let source = ["web", "mail", "forum", "rare"][min(3, Int(random.uniform() * 3.02))]
            let length = random.uniform() < 0.5 ? "short" : "long"
            let error = source == "forum" ? 0.1 + worse : 0.1
            tally.add(["source": source, "length": length], loss: random.uniform() < error ? 1 : 0)
        }
        return tally
    }

    @Test func `the worst slice comes first`() throws {
        let worst = try #require(tally(1, rows: 3_000, worse: 0.1).worstSlices().first)
        #expect(worst.key == SliceKey("source", "forum"))
        #expect(worst.correctedPValue < 0.001)
        #expect(abs(worst.excess - 0.1) < 0.04)
    }

    @Test func `with many slices luck is still luck`() {
        let alarmed = (0..<200 as Range<UInt64>).filter { seed in
            tally(seed, rows: 800, worse: 0).worstSlices().contains { $0.correctedPValue <= 0.05 }
        }
        #expect(alarmed.count <= 18)
    }

    @Test func `a slice without enough rows is not looked at`() {
        let reports = tally(2, rows: 1_000, worse: 0).worstSlices()
        #expect(!reports.contains { $0.key.value == "rare" })
        #expect(reports.allSatisfy { $0.count >= 50 })
        #expect(SliceTally().worstSlices().isEmpty)
    }

    @Test func `an identifier as a property costs no memory`() {
        var tally = SliceTally(maximumSlices: 10)
        for row in 0..<100 { tally.add(["id": "\(row)"], loss: 1) }
        #expect(tally.dropped == 90)
        #expect(tally.count == 100)
    }

    @Test func `merged tallies are the tally of all rows`() throws {
        var merged = SliceTally()
        var all = SliceTally()
        for row in 0..<90 {
            let slices = ["source": "\(row % 3)"]
            all.add(slices, loss: Double(row % 2))
        }
        for part in 0..<3 {
            var tally = SliceTally()
            for row in part * 30..<part * 30 + 30 {
                tally.add(["source": "\(row % 3)"], loss: Double(row % 2))
            }
            merged.merge(tally)
        }
        #expect(merged == all)
        #expect(try roundTrip(all) == all)
        all.add(["source": "x"], loss: .nan)
        #expect(merged == all)
    }

    @Test func `a slice that is always wrong among rows that are always right is worst beyond doubt`() throws
    {
        var tally = SliceTally()
        for row in 0..<200 { tally.add(["half": row < 100 ? "bad" : "good"], loss: row < 100 ? 1 : 0) }
        let reports = tally.worstSlices()
        #expect(reports.first?.key.value == "bad")
        #expect(reports.map(\.correctedPValue) == [0, 1])
    }
}
