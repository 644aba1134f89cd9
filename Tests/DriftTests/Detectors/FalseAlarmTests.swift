import Drift
import Testing

/// The trigger's promise, measured: how often it errs and how fast it is.
@Suite struct FalseAlarmTests {
    /// A promised error of 8 % as a reference set of 1 000 rows would have measured it.
    private func baseline(_ random: inout SplitMix64) -> Baseline {
        let errors = (0..<1_000).reduce(0) { sum, _ in sum + (random.uniform() < 0.08 ? 1 : 0) }
        return Baseline(errors: errors, count: 1_000)
    }

    /// Labels until the first alarm at a constant error, or nil within the limit.
    private func alarm(
        _ detector: ShiryaevRoberts, error: Double, limit: Int, _ random: inout SplitMix64
    ) -> Int? {
        var detector = detector
        for label in 1...limit where detector.update(random.uniform() < error ? 1 : 0) == .drift {
            return label
        }
        return nil
    }

    @Test func `an unchanged model is left in peace`() {
        var random = SplitMix64(seed: 20_260)
        let alarms = (0..<200).filter { _ in
            let detector = ShiryaevRoberts(baseline: baseline(&random).bound)
            return alarm(detector, error: 0.08, limit: 20_000, &random) != nil
        }
        // Some 2 % of streams of 20 000 labels are expected; 7 % would be a broken promise.
        #expect(alarms.count <= 14)
    }

    @Test(arguments: [0.05, 0.2, 0.5])
    func `at the very edge of the null the mean run is as long as promised`(
        _ error: Double
    ) {
        var random = SplitMix64(seed: 31)
        let promise = 400.0
        let streams = 400
        let total = (0..<streams).reduce(0) { sum, _ in
            let detector = ShiryaevRoberts(baseline: error, averageRunLength: promise)
            return sum + (alarm(detector, error: error, limit: 10_000, &random) ?? 10_000)
        }
        #expect(Double(total) / Double(streams) >= promise)
    }

    @Test(arguments: [(0.18, 226), (0.28, 57)]) func `a fall in accuracy is found as fast as in the study`(
        _ error: Double, _ expected: Int
    ) {
        var random = SplitMix64(seed: 5)
        let delays = (0..<200).map { _ in
            var detector = ShiryaevRoberts(baseline: baseline(&random).bound)
            for _ in 0..<5_000 { detector.update(random.uniform() < 0.08 ? 1 : 0) }
            return alarm(detector, error: error, limit: 15_000, &random) ?? 15_000
        }
        #expect(abs(Double(median(delays)) / Double(expected) - 1) < 0.25)
    }
}
