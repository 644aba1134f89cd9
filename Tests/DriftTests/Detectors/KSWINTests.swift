import Drift
import Testing

/// What holds of KSWIN whichever values the lot draws; river's lot is another one.
@Suite struct KSWINTests {
    @Test(arguments: 0..<20 as Range<UInt64>) func `a new shape with the old mean is found`(_ seed: UInt64)
        throws
    {
        // Uniform on [0, 1) and then, about the same mean, only 0.05 or 0.95.
        let before = Stream(seed: seed, .value, [1_000, 0]).values
        let after = Stream(seed: seed + 100, .coin, [200, 0.5]).values.map { 0.05 + 0.9 * $0 }
        var detector = KSWIN(alpha: 0.0001, windowSize: 200, sampleSize: 60, seed: seed)
        #expect(before.allSatisfy { detector.update($0) == .stable })

        let found = try #require(after.firstIndex { detector.update($0) == .drift })
        #expect(found < 100)
        #expect(try #require(detector.changeBegan) == 1_000 + found + 1 - detector.sampleSize)
    }

    @Test func `a test errs no oftener than its level`() {
        // One window, one test a stream: the share of alarms is the size of the test.
        let alarms = (0..<2_000).filter { seed in
            var detector = KSWIN(alpha: 0.05, windowSize: 100, sampleSize: 30, seed: UInt64(seed))
            for x in Stream(seed: UInt64(seed) + 9_000, .value, [100, 0]).values { detector.update(x) }
            return detector.verdict == .drift
        }
        #expect(Double(alarms.count) / 2_000 <= 0.065)
        #expect(Double(alarms.count) / 2_000 >= 0.015)
    }

    @Test func `the seed decides the lot and nothing else does`() {
        let values = Stream(seed: 3, .value, [2_000, 0], [60, 0.15], [2_000, 0]).values
        func drifts(_ seed: UInt64) -> [Int] {
            var detector = KSWIN(alpha: 0.01, seed: seed)
            return values.indices.filter { detector.update(values[$0]) == .drift }
        }
        #expect(drifts(1) == drifts(1))
        #expect(Set((0..<8).map(drifts)).count > 1)
    }
}
