import Drift
import FoundationEssentials
import TestSupport
import Testing

/// Numbers that SciPy computed for the same questions.
struct StatisticsReference: Decodable {
    struct Proportion: Decodable {
        let k: Int
        let n: Int
        let confidence: Double
        let exact: [Double]
        let wilson: [Double]
        let upper: Double
        let lower: Double
    }

    struct Sequence: Decodable {
        let errors: Int
        let count: Int
        let alpha: Double
        let interval: [Double]
    }

    struct Histograms: Decodable {
        let current: [Int]
        let reference: [Int]
        let jensenShannon: Double
        let chiSquared: Double
        let p: Double
        let degreesOfFreedom: Int
        let psi: Double
    }

    struct Smirnov: Decodable {
        let x: [Double]
        let y: [Double]
        let statistic: Double
        let p: Double
    }

    let proportions: [Proportion]
    let sequences: [Sequence]
    let histograms: [Histograms]
    let smirnov: [Smirnov]
    let kolmogorov: [[Double]]
    let mcNemar: [[Double]]
    let normal: [[Double]]
    let gamma: [[Double]]
    let beta: [[Double]]

    static let shared = try! JSONDecoder().decode(
        StatisticsReference.self, from: fixture("statistics.json", beside: Stream.file))
}

@Suite struct IntervalsReferenceTests {
    @Test func `exact and Wilson intervals equal SciPy's`() {
        for row in StatisticsReference.shared.proportions {
            let exact = clopperPearson(row.k, of: row.n, confidence: row.confidence)
            let score = wilson(row.k, of: row.n, confidence: row.confidence)
            #expect(
                isClose(exact.lowerBound, row.exact[0], 1e-9) && isClose(exact.upperBound, row.exact[1], 1e-9)
            )
            #expect(
                isClose(score.lowerBound, row.wilson[0], 1e-9)
                    && isClose(score.upperBound, row.wilson[1], 1e-9))
            #expect(
                isClose(clopperPearsonUpper(row.k, of: row.n, confidence: row.confidence), row.upper, 1e-9))
            #expect(
                isClose(clopperPearsonLower(row.k, of: row.n, confidence: row.confidence), row.lower, 1e-9))
        }
    }

    @Test func `the confidence sequence ends where SciPy's root finder ends`() {
        for row in StatisticsReference.shared.sequences {
            let interval = binomialConfidenceSequence(errors: row.errors, count: row.count, alpha: row.alpha)
            #expect(isClose(interval.lowerBound, row.interval[0], 1e-8), "\(row)")
            #expect(isClose(interval.upperBound, row.interval[1], 1e-8), "\(row)")
        }
    }

    @Test func `special functions equal SciPy's`() {
        for row in StatisticsReference.shared.beta {
            #expect(isClose(regularizedBeta(row[0], row[1], row[2]), row[3], 1e-9), "\(row)")
        }
        for row in StatisticsReference.shared.gamma {
            #expect(isClose(regularizedGammaQ(row[0], row[1]), row[2], 1e-10), "\(row)")
        }
        for row in StatisticsReference.shared.normal {
            #expect(isClose(normalQuantile(row[0]), row[1], 1e-10), "\(row)")
        }
        for row in StatisticsReference.shared.kolmogorov {
            #expect(isClose(kolmogorovSurvival(row[0]), row[1], 1e-9), "\(row)")
        }
    }
}
