import Drift
import Testing

@Suite struct OnlineMMDTests {
    private func watch(_ seed: UInt64, windowSize: Int = 8, runTime: Int = 50) -> OnlineMMD {
        let reference = vectors(seed: seed, 80, 4)
        return OnlineMMD(
            reference: reference,
            calibration: .init(
                reference: reference, windowSize: windowSize, expectedRunTime: runTime,
                bootstraps: 20 * runTime,
                seed: seed))
    }

    /// Tests, from the first full window on, until an alarm.
    private func run(_ detector: OnlineMMD, shift: Float, seed: UInt64, limit: Int) -> Int {
        var detector = detector
        for (index, vector) in vectors(seed: seed, limit, 4, shift: shift).enumerated()
        where detector.update(vector) == .drift {
            return index + 2 - detector.calibration.windowSize
        }
        return limit
    }

    @Test func `the run to a false alarm is as long as promised`() {
        let runs = (0..<150 as Range<UInt64>).map { seed in
            run(watch(seed), shift: 0, seed: seed + 1_000, limit: 600)
        }
        let mean = Double(runs.reduce(0, +)) / 150
        #expect(mean > 35 && mean < 75, "\(mean) tests where 50 are promised")
        // Geometric, not waiting for the window: about one alarm in fifty comes with the first test.
        #expect(runs.filter { $0 <= 5 }.count < 30)
    }

    @Test func `a move is found within a few windows`() {
        let delays = (0..<30 as Range<UInt64>).map { seed in
            run(watch(seed, runTime: 200), shift: 1, seed: seed + 2_000, limit: 400)
        }
        #expect(median(delays) <= 8)
    }

    @Test func `the statistic is the discrepancy of the newest window`() throws {
        var detector = watch(3)
        let stream = vectors(seed: 77, 40, 4, shift: 0.2)
        var slow: [Double] = []
        for vector in stream {
            detector.update(vector)
            if let statistic = detector.statistic { slow.append(statistic) }
        }
        #expect(slow.count == 33)
        // The same windows after a reset: sums that slide have not drifted.
        var fresh = watch(3)
        for vector in stream.suffix(8) { fresh.update(vector) }
        #expect(isClose(try #require(fresh.statistic), try #require(slow.last), 1e-9))
    }

    @Test func `a reset watch equals a new one, and the stored one goes on`() throws {
        var detector = watch(5)
        let new = detector
        for vector in vectors(seed: 1, 30, 4, shift: 3) { detector.update(vector) }
        #expect(detector.verdict == .drift)
        #expect(try #require(detector.changeBegan) >= 0)
        #expect(try roundTrip(detector) == detector)
        let before = detector
        #expect(detector.update([.nan, 0, 0, 0]) == before.verdict)
        #expect(detector == before)
        detector.reset()
        #expect(detector == new)
    }

    @Test func `thresholds come from the seed alone`() {
        #expect(watch(8).calibration == watch(8).calibration)
        #expect(watch(8).calibration.thresholds.count == 8)
    }
}
