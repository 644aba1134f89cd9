import Drift
import Testing

@Suite struct LabelSelectionTests {
    @Test func `corrections and active labels do not touch the estimate`() throws {
        var selection = LabelSelection()
        for row in 0..<100 { selection.add(loss: row < 10 ? 1 : 0, origin: .audit) }
        let before = try #require(selection.mean)
        for _ in 0..<500 { selection.add(loss: 1, origin: .correction) }
        for _ in 0..<50 { selection.add(loss: 0.5, origin: .active) }
        for _ in 0..<50 { selection.add(loss: 0, origin: .bulk) }
        #expect(selection.mean == before && before == 0.1)
        #expect(selection.count == 100)
        #expect(selection.apart[.correction]?.count == 500)
        #expect(selection.apart[.correction]?.mean == 1)
        #expect(selection.apart[.active]?.mean == 0.5)
        #expect(selection.apart[.audit] == nil)
    }

    @Test func `weights undo an unequal draw`() throws {
        // Hard rows are wrong half of the time and drawn always; easy rows never wrong and drawn seldom.
        var random = SplitMix64(seed: 8)
        var (selection, naive) = (LabelSelection(), LabelSelection())
        var truth = 0.0
        for _ in 0..<20_000 {
            let isHard = random.uniform() < 0.2
            let loss = isHard && random.uniform() < 0.5 ? 1.0 : 0
            truth += loss / 20_000
            let chance = isHard ? 1 : 0.1
            guard random.uniform() < chance else { continue }
            selection.add(loss: loss, origin: .propensity, propensity: chance)
            naive.add(loss: loss, origin: .audit)
        }
        let (mean, error) = (try #require(selection.mean), try #require(selection.standardError))
        #expect(abs(mean - truth) < 4 * error)
        #expect(try #require(selection.interval(confidence: 0.999)).contains(truth))
        #expect(try #require(naive.mean) > 2 * truth)
        #expect(selection.effectiveCount < Double(selection.count))
    }

    @Test func `the interval covers as often as it says`() throws {
        let covered = try (0..<400).filter { seed in
            var random = SplitMix64(seed: UInt64(seed))
            var selection = LabelSelection()
            while selection.count < 300 {
                let chance = 0.2 + 0.8 * random.uniform()
                let loss = random.uniform() < 0.25 ? 1.0 : 0
                if random.uniform() < chance {
                    selection.add(loss: loss, origin: .propensity, propensity: chance)
                }
            }
            return try #require(selection.interval(confidence: 0.95)).contains(0.25)
        }
        #expect(abs(Double(covered.count) / 400 - 0.95) < 0.03)
    }

    @Test func `the anytime interval holds at every look`() {
        let missed = (0..<200).filter { seed in
            var random = SplitMix64(seed: UInt64(seed) + 40_000)
            var selection = LabelSelection()
            while selection.count < 2_000 {
                let chance = 0.3 + 0.7 * random.uniform()
                let loss = random.uniform() < 0.25 ? 1.0 : 0
                guard random.uniform() < chance else { continue }
                selection.add(loss: loss, origin: .propensity, propensity: chance)
                // The limit is a limit: from fifty rows on it is near.
                if selection.count >= 50, selection.anytimeInterval(alpha: 0.05)?.contains(0.25) == false {
                    return true
                }
            }
            return false
        }
        #expect(missed.count <= 16)
    }

    @Test func `a draw that cannot have been is refused`() {
        var selection = LabelSelection()
        for propensity in [0, -1, 1.5, .nan] {
            selection.add(loss: 1, origin: .propensity, propensity: propensity)
        }
        selection.add(loss: .nan, origin: .audit)
        #expect(selection.refused == 5 && selection.count == 0 && selection.mean == nil)
        selection.add(loss: 1, origin: .audit)
        #expect(selection.standardError == nil)
    }

    @Test func `merged selections are the selection of all rows`() throws {
        var (all, one, other) = (LabelSelection(), LabelSelection(), LabelSelection())
        for row in 0..<60 {
            let loss = Double(row % 3) / 2
            let origin = LabelOrigin.allCases[row % 5]
            all.add(loss: loss, origin: origin, propensity: 0.5)
            if row < 20 {
                one.add(loss: loss, origin: origin, propensity: 0.5)
            } else {
                other.add(loss: loss, origin: origin, propensity: 0.5)
            }
        }
        one.merge(other)
        #expect(one == all)
        #expect(try roundTrip(all) == all)
    }
}
