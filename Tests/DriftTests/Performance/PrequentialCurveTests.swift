import Drift
import Testing

@Suite struct PrequentialCurveTests {
    @Test func `rows fall into buckets of rows`() {
        var curve = PrequentialCurve(bucket: .rows(10))
        for row in 0..<25 { curve.add(isCorrect: row >= 10, at: Double(row) * 60) }
        let points = curve.points()
        #expect(points.map(\.count) == [10, 10, 5])
        #expect(points.map(\.accuracy) == [0, 1, 1])
        #expect(points[1].from == 600 && points[1].through == 1_140)
    }

    @Test func `a late label joins the bucket of its own time`() {
        var curve = PrequentialCurve(bucket: .seconds(3_600))
        for time in [10.0, 3_700, 20, -5] { curve.add(isCorrect: time != 20, at: time) }
        #expect(curve.points().map(\.index) == [-1, 0, 1])
        #expect(curve.points().map(\.errors) == [0, 1, 0])
        curve.add(isCorrect: true, at: .nan)
        #expect(curve.count == 4)
    }

    @Test func `bands are those of Robbins, wider where they must hold together`() {
        var curve = PrequentialCurve(bucket: .rows(100))
        for x in Stream(seed: 4, .coin, [400, 0.2]).values { curve.add(isCorrect: x == 0, at: 0) }
        for (one, all) in zip(curve.points(), curve.points(together: true)) {
            let error = binomialConfidenceSequence(errors: one.errors, count: 100, alpha: 0.05)
            #expect(one.interval == (1 - error.upperBound)...(1 - error.lowerBound))
            #expect(all.interval.lowerBound < one.interval.lowerBound)
            #expect(all.interval.upperBound > one.interval.upperBound)
            #expect(one.interval.contains(one.accuracy))
        }
    }

    @Test func `bands hold together as often as promised`() {
        let missed = (0..<200).filter { seed in
            var curve = PrequentialCurve(bucket: .rows(50))
            for x in Stream(seed: UInt64(seed), .coin, [1_000, 0.1]).values {
                curve.add(isCorrect: x == 0, at: 0)
            }
            return curve.points(together: true).contains { !$0.interval.contains(0.9) }
        }
        #expect(missed.count <= 10)
    }

    @Test func `a stored curve goes on as if never stored`() throws {
        var curve = PrequentialCurve(bucket: .seconds(86_400))
        for day in 0..<5 { curve.add(isCorrect: day != 2, at: Double(day) * 86_400) }
        #expect(try roundTrip(curve) == curve)
    }
}
