import Drift
import Testing

@Suite struct HistogramTests {
    @Test func `each value finds the bucket that starts at or below it`() {
        var histogram = Histogram(edges: [0, 10])
        for x in [-5, -0.1, 0, 9.9, 10, 1e300, -.infinity, .infinity] { histogram.add(x) }
        #expect(histogram.counts == [3, 2, 3])
    }

    @Test func `a value that is no number is left out`() {
        var histogram = Histogram.confidence
        histogram.add(.nan)
        #expect(histogram.total == 0)
        #expect(histogram.shares.allSatisfy { $0 == 0 })
    }

    @Test func `confidence falls into ten equal buckets`() {
        var histogram = Histogram.confidence
        for tenth in 0..<10 { histogram.add(Double(tenth) / 10 + 0.05) }
        histogram.add(1)
        #expect(histogram.counts == [1, 1, 1, 1, 1, 1, 1, 1, 1, 2])
    }

    @Test func `lengths are bucketed by powers of two`() {
        var histogram = Histogram.tokens
        for tokens in [8, 9, 16, 17, 512, 513] { histogram.add(Double(tokens)) }
        #expect(histogram.counts == [1, 2, 1, 0, 0, 0, 1, 1])
    }

    @Test func `merging equals counting together`() {
        var (one, other, both) = (Histogram.confidence, Histogram.confidence, Histogram.confidence)
        for (index, x) in Stream(seed: 1, .value, [100, 0]).values.enumerated() {
            if index.isMultiple(of: 3) { one.add(x) } else { other.add(x) }
            both.add(x)
        }
        one.merge(other)
        #expect(one == both)
    }
}
