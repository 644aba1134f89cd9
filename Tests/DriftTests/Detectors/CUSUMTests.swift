import Drift
import Glibc
import Testing

@Suite struct CUSUMTests {
    @Test(arguments: [(0.05, 0.1), (0.3, 0.5)]) func `the recursion equals the best starting point`(
        _ baseline: Double, _ alternative: Double
    ) {
        let values = Stream(seed: 6, .coin, [100, baseline], [100, alternative]).values
        var detector = CUSUM(baseline: baseline, alternative: alternative)
        for (index, x) in values.enumerated() {
            detector.update(x)
            let ratios = values[...index].map {
                $0 == 1 ? log(alternative / baseline) : log((1 - alternative) / (1 - baseline))
            }
            let sums = ratios.indices.map { start in (start, ratios[start...].reduce(0, +)) }
            let best = sums.max { $0.1 < $1.1 }!
            // Where no start speaks for a change the sum holds the newest step alone.
            #expect(isClose(detector.sum, best.1, 1e-9))
            if best.1 > 1e-9 { #expect(detector.changeBegan == best.0) }
        }
    }

    @Test(arguments: [(0.08, 0.13), (0.2, 0.4)])
    func `at the edge of the null the mean run is as long as promised`(
        _ baseline: Double, _ alternative: Double
    ) {
        var random = SplitMix64(seed: 12)
        let promise = 200.0
        let lengths = (0..<400).map { _ in
            var detector = CUSUM(baseline: baseline, alternative: alternative, averageRunLength: promise)
            return (1...100_000).first { _ in detector.update(random.uniform() < baseline ? 1 : 0) == .drift }
                ?? 100_000
        }
        #expect(Double(lengths.reduce(0, +)) / 400 >= promise)
    }

    @Test func `the sum over starting points is never below the best of them`() {
        var cusum = CUSUM(baseline: 0.2, alternative: 0.36)
        var evidence = ShiryaevRoberts(baseline: 0.2)
        #expect(isClose(cusum.stake, 1))
        for x in Stream(seed: 1, .coin, [500, 0.2], [100, 0.5]).values {
            cusum.update(x)
            evidence.update(x)
            let stakes = Double(ShiryaevRoberts.bettingFractions.filter { $0 * 0.2 < 1 }.count)
            #expect(evidence.logEvidence >= cusum.sum - log(stakes) - 1e-9)
        }
    }
}
