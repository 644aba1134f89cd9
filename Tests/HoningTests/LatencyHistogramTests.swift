import Honing
import Testing

@Suite struct LatencyHistogramTests {
    @Test func `an empty histogram has no quantile`() {
        #expect(LatencyHistogram().quantile(0.5) == nil)
    }

    @Test(arguments: [0.5, 0.9, 0.99])
    func `a quantile is at most a quarter above the true one`(q: Double) throws {
        var histogram = LatencyHistogram()
        let durations = (1...1_000).map { Double($0) * 37e-6 }
        for seconds in durations { histogram.record(.seconds(seconds)) }

        let truth = durations[Int((q * 1_000).rounded(.up)) - 1]
        let read = try #require(histogram.quantile(q))

        #expect(read >= truth * (1 - 1e-9))
        #expect(read <= truth * 1.25)
    }

    @Test func `count and sum are exact`() {
        var histogram = LatencyHistogram()
        for milliseconds in 1...4 { histogram.record(.milliseconds(milliseconds)) }

        #expect(histogram.count == 4)
        #expect(abs(histogram.sum - 0.010) < 1e-12)
        #expect(histogram.counts.reduce(0, +) == 4)
    }

    @Test func `what is longer than the last bucket is counted as unbounded`() {
        var histogram = LatencyHistogram()
        histogram.record(.seconds(3_600))

        #expect(histogram.quantile(1) == .infinity)
    }
}
