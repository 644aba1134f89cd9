import Drift
import Testing

@Suite struct OnsetTests {
    @Test func `the range holds the truth nearly always`() throws {
        let missed = try (0..<200 as Range<UInt64>).filter { seed in
            let rows = Stream(seed: seed, .coin, [600, 0.1], [200, 0.35]).values.map { $0 == 1 }
            return try !#require(mostLikelyOnset(of: rows)).range.contains(600)
        }
        #expect(missed.count <= 20)
    }

    @Test func `detectors that stand at drift date it`() throws {
        let values = Stream(seed: 3, .coin, [2_000, 0.08], [400, 0.5]).values
        var detectors: [any DriftDetector] = [
            ADWIN(), CUSUM(baseline: 0.1, alternative: 0.3), ShiryaevRoberts(baseline: 0.1),
        ]
        for index in detectors.indices {
            #expect(Onset(of: detectors[index]) == nil)
            for x in values where detectors[index].verdict != .drift { detectors[index].update(x) }
            let onset = try #require(Onset(of: detectors[index]))
            #expect(abs(onset.index - 2_000) < 60)
            #expect(onset.range.contains(onset.index))
            #expect(onset.method == (index == 0 ? .adaptiveWindow : .cumulativeSum))
        }
    }

    @Test func `rows that are all alike have no onset`() {
        #expect(mostLikelyOnset(of: []) == nil)
        #expect(mostLikelyOnset(of: [true]) == nil)
        #expect(mostLikelyOnset(of: [false, false, false]) == nil)
        #expect(mostLikelyOnset(of: [false, true])?.index == 1)
    }
}
