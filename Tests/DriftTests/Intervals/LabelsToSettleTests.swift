import Drift
import FoundationEssentials
import TestSupport
import Testing

/// How many labels settle a question: SciPy's figures, and streams that NumPy drew.
@Suite struct LabelsToSettleTests {
    struct Reference: Decodable {
        let cases: [Case]
    }

    struct Case: Decodable, CustomTestStringConvertible {
        let rate: Double
        let bound: Double
        let alpha: Double
        let labels: Int
        let mean: Double
        let fourOfFive: Double

        var testDescription: String { "\(rate) against \(bound)" }
    }

    static let reference = try! JSONDecoder().decode(
        Reference.self, from: fixture("settling.json", beside: Stream.file))

    @Test(arguments: reference.cases) func `the formula equals SciPy's`(_ row: Case) {
        #expect(labelsToSettle(errorRate: row.rate, bound: row.bound, alpha: row.alpha) == row.labels)
    }

    @Test(arguments: reference.cases) func `streams take about so many labels`(_ row: Case) {
        let labels = Double(row.labels)
        #expect(row.mean <= 1.001 * labels && row.mean > 0.8 * labels)
        #expect(row.fourOfFive <= 1.5 * labels)
    }

    @Test(arguments: [(30, 100), (3, 40), (200, 900)])
    func `it is the number from which on the sequence leaves the bound out`(_ errors: Int, _ count: Int)
        throws
    {
        let rate = Double(errors) / Double(count)
        let interval = binomialConfidenceSequence(errors: errors, count: count, alpha: 0.05)
        // At an end of the interval that so many rows give, so many rows settle it.
        for bound in [interval.lowerBound, interval.upperBound] {
            let labels = try #require(labelsToSettle(errorRate: rate, bound: bound))
            #expect(abs(labels - count) <= 1, "\(labels)")
        }
    }

    @Test func `what lies on the bound is never settled`() {
        #expect(labelsToSettle(errorRate: 0.1, bound: 0.1) == nil)
        #expect(labelsToSettle(errorRate: 0.1001, bound: 0.1)! > 1_000_000)
        #expect(labelsToSettle(errorRate: 1, bound: 0.1)! < labelsToSettle(errorRate: 0.5, bound: 0.1)!)
    }
}
