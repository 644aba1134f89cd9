import Drift
import Testing

@Suite struct ConfidenceSequenceTests {
    @Test func `no rows exclude nothing`() {
        #expect(binomialConfidenceSequence(errors: 0, count: 0, alpha: 0.05) == 0...1)
        #expect(clopperPearson(0, of: 0, confidence: 0.95) == 0...1)
        #expect(wilson(0, of: 0, confidence: 0.95) == 0...1)
    }

    @Test func `every interval contains its estimate and lies in 0…1`() {
        for n in [1, 2, 7, 50, 1_000] {
            for k in Set([0, 1, n / 3, n / 2, n - 1, n]) where k <= n {
                let estimate = Double(k) / Double(n)
                for interval in [
                    binomialConfidenceSequence(errors: k, count: n, alpha: 0.05),
                    clopperPearson(k, of: n, confidence: 0.95), wilson(k, of: n, confidence: 0.95),
                ] {
                    #expect(interval.contains(estimate))
                    #expect((0...1).contains(interval.lowerBound) && (0...1).contains(interval.upperBound))
                }
            }
        }
    }

    @Test func `more rows and less confidence make it narrower`() {
        func width(_ errors: Int, _ count: Int, _ alpha: Double) -> Double {
            let interval = binomialConfidenceSequence(errors: errors, count: count, alpha: alpha)
            return interval.upperBound - interval.lowerBound
        }
        #expect(width(100, 1_000, 0.05) < width(10, 100, 0.05))
        #expect(width(10, 100, 0.2) < width(10, 100, 0.05))
    }

    @Test func `looking always is paid for with width`() {
        let always = binomialConfidenceSequence(errors: 80, count: 1_000, alpha: 0.05)
        let once = clopperPearson(80, of: 1_000, confidence: 0.95)
        #expect(always.lowerBound < once.lowerBound && always.upperBound > once.upperBound)
    }

    @Test func `errors and successes mirror each other`() {
        let errors = binomialConfidenceSequence(errors: 3, count: 40, alpha: 0.05)
        let successes = binomialConfidenceSequence(errors: 37, count: 40, alpha: 0.05)
        #expect(isClose(errors.lowerBound, 1 - successes.upperBound, 1e-9))
        #expect(isClose(errors.upperBound, 1 - successes.lowerBound, 1e-9))
    }

    @Test func `the true rate stays inside at every look in at least 95 of 100 streams`() {
        let excluded = (0..<200).filter { seed in
            var errors = 0
            for (index, x) in Stream(seed: UInt64(seed), .coin, [1_000, 0.2]).values.enumerated() {
                errors += Int(x)
                let interval = binomialConfidenceSequence(errors: errors, count: index + 1, alpha: 0.05)
                if !interval.contains(0.2) { return true }
            }
            return false
        }
        #expect(excluded.count <= 10)
    }
}
