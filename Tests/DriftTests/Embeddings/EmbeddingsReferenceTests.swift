import Drift
import FoundationEssentials
import TestSupport
import Testing

/// Two-sample tests of numbers and vectors: SciPy's and scikit-learn's figures.
@Suite struct EmbeddingsReferenceTests {
    struct Reference: Decodable {
        let histograms: [HistogramRow]
        let lists: [Lists]
        let discrepancies: [Samples]
        let relabellings: [Samples]
        let regressions: [Regression]
        let ranks: [Ranks]
        let domains: [Samples]
    }

    struct HistogramRow: Decodable {
        let current: [Int]
        let reference: [Int]
        let g: Double
        let p: Double
        let degreesOfFreedom: Int
        let places: [Double]
        let wasserstein: Double
    }

    struct Lists: Decodable {
        let x: [Double]
        let y: [Double]
        let distance: Double
    }

    struct Samples: Decodable {
        let seed: UInt64
        let n: Int
        let m: Int
        let dimensions: Int
        let shift: Float
        let bandwidth: Double?
        let squared: Double?
        let p: Double?
        let folds: Int?
        let area: Double?
        let scores: [Double]?

        var current: [[Float]] { vectors(seed: seed, n, dimensions, shift: shift) }
        var reference: [[Float]] { vectors(seed: seed + 1, m, dimensions) }
    }

    struct Regression: Decodable {
        let seed: UInt64
        let n: Int
        let dimensions: Int
        let c: Double
        let labels: [Int]
        let weights: [Double]
        let intercept: Double
    }

    struct Ranks: Decodable {
        let positive: [Double]
        let negative: [Double]
        let p: Double
        let area: Double
    }

    private let reference: Reference

    init() throws {
        reference = try JSONDecoder().decode(
            Reference.self, from: fixture("embeddings.json", beside: Stream.file))
    }

    @Test func `the G-test equals SciPy's`() {
        for row in reference.histograms {
            let test = gTest(of: row.current, against: row.reference)
            #expect(isClose(test.statistic, row.g, 1e-9))
            #expect(isClose(test.pValue, row.p, 1e-9))
            #expect(test.degreesOfFreedom == row.degreesOfFreedom)
        }
    }

    @Test func `the Wasserstein distance equals SciPy's`() {
        for row in reference.lists { #expect(isClose(wassersteinDistance(row.x, row.y), row.distance)) }
        for row in reference.histograms {
            let distance = wassersteinDistance(of: row.current, against: row.reference, places: row.places)
            #expect(abs(distance - row.wasserstein) < 1e-10)
        }
    }

    @Test func `the discrepancy equals that of scikit-learn's kernel`() throws {
        for row in reference.discrepancies {
            let found = try #require(
                maximumMeanDiscrepancy(row.current, row.reference, permutations: 1, seed: 1))
            #expect(isClose(found.bandwidth, try #require(row.bandwidth), 1e-6))
            #expect(abs(found.squared - (try #require(row.squared))) < 1e-6)
        }
    }

    @Test func `the permutation p comes near the one of all relabellings`() throws {
        for row in reference.relabellings {
            let found = try #require(
                maximumMeanDiscrepancy(row.current, row.reference, permutations: 9_999, seed: 5))
            let exact = try #require(row.p)
            // Four standard errors of 9 999 draws.
            #expect(abs(found.pValue - exact) < 4 * (exact * (1 - exact) / 9_999).squareRoot() + 2e-4)
        }
    }

    @Test func `the regression equals scikit-learn's`() {
        for row in reference.regressions {
            let rows = vectors(seed: row.seed, row.n, row.dimensions).map { $0.map(Double.init) }
            let model = LogisticRegression(rows, isPositive: row.labels.map { $0 == 1 }, inverseRidge: row.c)
            #expect(abs(model.intercept - row.intercept) < 1e-5 * max(1, abs(row.intercept)))
            for (weight, expected) in zip(model.weights, row.weights) {
                #expect(abs(weight - expected) < 1e-5 * max(1, abs(expected)))
            }
        }
    }

    @Test func `areas equal scikit-learn's`() throws {
        for row in reference.ranks {
            let scores = row.positive + row.negative
            let isPositive = scores.indices.map { $0 < row.positive.count }
            #expect(isClose(try #require(areaUnderROC(scores: scores, isPositive: isPositive)), row.area))
        }
    }

    @Test func `the domain classifier equals scikit-learn's, fold for fold`() throws {
        for row in reference.domains {
            let folds = try #require(row.folds)
            let found = DomainClassifier(
                current: row.current, reference: row.reference,
                fold: (0..<row.n).map { $0 % folds } + (0..<row.m).map { $0 % folds }, folds: folds)
            #expect(isClose(found.area, try #require(row.area)))
            #expect(isClose(found.pValue, try #require(row.p), 1e-9))
            for (score, expected) in zip(found.scores, try #require(row.scores)) {
                #expect(abs(score - expected) < 1e-5)
            }
        }
    }
}
