import Drift
import Testing

@Suite struct BaselineTests {
    @Test func `the bound is the upper limit of the promise plus the tolerance`() {
        let baseline = Baseline(errors: 80, count: 1_000, tolerance: 0.01)
        #expect(baseline.errorRate == 0.08)
        #expect(baseline.upperBound > 0.08 && baseline.upperBound < 0.1)
        #expect(isClose(baseline.bound, baseline.upperBound + 0.01))
    }

    @Test func `a larger reference set promises more`() {
        #expect(Baseline(errors: 800, count: 10_000).bound < Baseline(errors: 80, count: 1_000).bound)
    }

    @Test func `the bound is always a baseline that a detector accepts`() {
        for baseline in [
            Baseline(errors: 0, count: 0), Baseline(errors: 5, count: 5),
            Baseline(errors: 0, count: 1_000_000, tolerance: 0),
        ] {
            #expect(baseline.bound > 0 && baseline.bound < 1)
            #expect(ShiryaevRoberts(baseline: baseline.bound).verdict == .stable)
        }
    }
}
