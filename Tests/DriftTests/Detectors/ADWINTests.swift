import Drift
import Testing

@Suite struct ADWINTests {
    @Test func `the cut is dated near the change`() throws {
        var detector = ADWIN()
        for x in Stream(seed: 5, .coin, [3_000, 0.1], [400, 0.5]).values where detector.update(x) == .drift {
            break
        }

        let cut = try #require(detector.lastCut)
        #expect(detector.verdict == .drift)
        #expect(abs(cut - 3_000) < 150)
    }

    @Test func `the window holds the mean and variance of its values`() {
        let values = Stream(seed: 9, .value, [777, 3]).values
        var detector = ADWIN()
        for x in values { detector.update(x) }

        let mean = values.reduce(0, +) / 777
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 777
        #expect(detector.width == 777)
        #expect(isClose(detector.estimation, mean))
        #expect(isClose(detector.variance, variance, 1e-9))
    }

    @Test func `an unchanged stream of 20,000 labels is not cut`() {
        let alarms = (0..<40).filter { seed in
            var detector = ADWIN()
            for x in Stream(seed: UInt64(seed), .coin, [20_000, 0.08]).values { detector.update(x) }
            return detector.detections > 0
        }
        #expect(alarms.count <= 1)
    }
}
