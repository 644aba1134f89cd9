import Drift
import FoundationEssentials
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ShiryaevRobertsTests {
    /// The definition itself, in plain numbers: a sum over all starting points of the product of stakes.
    private func slowEvidence(_ values: [Double], baseline: Double) -> Double {
        let fractions = ShiryaevRoberts.bettingFractions.filter { $0 * baseline < 1 }
        let sums = fractions.map { fraction in
            values.indices.reduce(0) { sum, start in
                sum + values[start...].reduce(1) { $0 * (1 + fraction * ($1 - baseline)) }
            }
        }
        return sums.reduce(0, +) / Double(sums.count)
    }

    @Test(arguments: [0.05, 0.3, 0.7]) func `the recursion equals the sum over starting points`(
        _ baseline: Double
    ) {
        let values = Stream(seed: 3, .coin, [120, baseline]).values
        var detector = ShiryaevRoberts(baseline: baseline)
        for (index, x) in values.enumerated() {
            detector.update(x)
            let slow = slowEvidence(Array(values[...index]), baseline: baseline)
            #expect(isClose(exp(detector.logEvidence), slow, 1e-9))
        }
    }

    @Test func `the change is dated where the error rose`() {
        var errors = [Int]()
        for seed in 0..<40 as Range<UInt64> {
            var detector = ShiryaevRoberts(baseline: 0.1)
            for x in Stream(seed: seed, .coin, [2_000, 0.08], [2_000, 0.28]).values
            where detector.update(x) == .drift { break }
            errors.append(abs((detector.changeBegan ?? 0) - 2_000))
        }
        #expect(median(errors) <= 15)
    }

    @Test func `evidence falls again when the error does`() {
        var detector = ShiryaevRoberts(baseline: 0.1, averageRunLength: 1_000)
        for _ in 0..<20 { detector.update(1) }
        #expect(detector.verdict == .drift)
        let first = detector.firstAlarm

        for _ in 0..<2_000 { detector.update(0) }

        #expect(detector.verdict == .stable)
        #expect(detector.firstAlarm == first)
        #expect(detector.log10Evidence < 2)
    }

    @Test func `a warning comes before the alarm`() {
        var detector = ShiryaevRoberts(baseline: 0.1)
        var seen = [Verdict]()
        for x in Stream(seed: 2, .coin, [3_000, 0.3]).values where seen.last != .drift {
            let verdict = detector.update(x)
            if verdict != seen.last { seen.append(verdict) }
        }
        #expect(seen.last == .drift)
        #expect(seen.contains(.warning))
    }

    @Test func `an impossible promise never alarms and never breaks`() {
        var detector = ShiryaevRoberts(baseline: Baseline(errors: 10, count: 10).bound)
        for _ in 0..<5_000 { detector.update(1) }
        #expect(detector.verdict != .drift)
        #expect(detector.logEvidence.isFinite)
    }

    @Test func `a loss weighted by its sampling probability is welcome, a negative one is not`() {
        let detector = ShiryaevRoberts(baseline: 0.1)
        #expect(detector.accepts(12.5))
        #expect(!detector.accepts(-0.1))
    }

    @Test func `evidence stays finite over a million errors`() {
        var detector = ShiryaevRoberts(baseline: 0.1)
        for _ in 0..<1_000_000 { detector.update(1) }
        #expect(detector.logEvidence.isFinite)
        #expect(detector.changeBegan == 0)
    }

    @Test func `ninety days of labels make the run length`() {
        #expect(ShiryaevRoberts.averageRunLength(labelsPerDay: 1_000) == 90_000)
        #expect(ShiryaevRoberts.averageRunLength(labelsPerDay: 3) == 20_000)
    }

    @Test func `state survives JSON`() throws {
        var detector = ShiryaevRoberts(baseline: 0.1)
        #expect(try roundTrip(detector) == detector)
        for x in Stream(seed: 8, .coin, [500, 0.2]).values { detector.update(x) }
        #expect(try roundTrip(detector) == detector)
    }
}

func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
}
