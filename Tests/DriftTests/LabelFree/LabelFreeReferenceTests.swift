import Drift
import FoundationEssentials
import TestSupport
import Testing

/// What is estimated without labels: NannyML's, NumPy's and SciPy's figures.
@Suite struct LabelFreeReferenceTests {
    struct Reference: Decodable {
        let estimates: [Estimate]
        let priors: [Priors]
        let blackBox: [BlackBox]
        let mixtures: [Mixture]
        let singular: [Singular]
    }

    struct Estimate: Decodable {
        let probabilities: [[Double]]
        let accuracy: Double
        let macroF1: Double
        let simulatedAccuracyError: Double
        let simulatedF1Error: Double
    }

    struct Priors: Decodable {
        let probabilities: [[Double]]
        let training: [Double]
        let shares: [Double]
        let iterations: Int
    }

    struct BlackBox: Decodable {
        let confusion: [[Int]]
        let predicted: [Int]
        let weights: [Double]
        let shares: [Double]
        let singular: Double
        let residual: Double
    }

    struct Mixture: Decodable {
        let current: [Int]
        let reference: [[Int]]
        let shares: [Double]
        let g: Double
        let p: Double
        let degreesOfFreedom: Int
    }

    struct Singular: Decodable {
        let matrix: [[Double]]
        let value: Double

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            matrix = try values.decode([[Double]].self)
            value = try values.decode(Double.self)
        }
    }

    private let reference: Reference

    init() throws {
        reference = try JSONDecoder().decode(
            Reference.self, from: fixture("label_free.json", beside: Stream.file))
    }

    @Test func `estimated accuracy and macro-F1 equal NannyML's`() throws {
        for row in reference.estimates {
            let estimate = try #require(ConfidenceBasedEstimate(of: row.probabilities))
            #expect(isClose(estimate.accuracy, row.accuracy))
            #expect(isClose(estimate.macroF1, row.macroF1))
        }
    }

    @Test func `bands are as wide as the truths that are drawn from the probabilities`() throws {
        for row in reference.estimates {
            let estimate = try #require(ConfidenceBasedEstimate(of: row.probabilities))
            #expect(isClose(estimate.accuracyError, row.simulatedAccuracyError, 0.02))
            #expect(isClose(estimate.macroF1Error, row.simulatedF1Error, 0.05))
        }
    }

    @Test func `shares by expectation maximisation equal NumPy's, step for step`() throws {
        for row in reference.priors {
            let estimate = try #require(estimatePriors(of: row.probabilities, trainingShares: row.training))
            #expect(estimate.iterations == row.iterations)
            for (share, expected) in zip(estimate.shares, row.shares) {
                #expect(isClose(share, expected, 1e-9))
            }
        }
    }

    @Test func `black-box shares equal NumPy's`() throws {
        for row in reference.blackBox {
            let found = try #require(
                BlackBoxShift(validation: confusion(row.confusion), predicted: row.predicted))
            for (weight, expected) in zip(found.weights, row.weights) {
                #expect(isClose(weight, expected, 1e-9))
            }
            for (share, expected) in zip(found.estimate.shares, row.shares) {
                #expect(isClose(share, expected, 1e-9))
            }
            #expect(isClose(found.singularValue, row.singular, 1e-9))
            #expect(abs(found.residual - row.residual) < 1e-9)
        }
    }

    @Test func `the fit of a label shift equals SciPy's optimum`() throws {
        for row in reference.mixtures {
            let found = try #require(labelShiftFit(current: row.current, reference: row.reference))
            for (share, expected) in zip(found.shares.shares, row.shares) {
                #expect(abs(share - expected) < 1e-5)
            }
            #expect(isClose(found.fit.statistic, row.g, 1e-6))
            #expect(isClose(found.fit.pValue, row.p, 1e-5))
            #expect(found.fit.degreesOfFreedom == row.degreesOfFreedom)
        }
    }

    @Test func `singular values equal NumPy's`() {
        for row in reference.singular {
            #expect(abs(smallestSingularValue(of: row.matrix) - row.value) < 1e-12)
        }
    }
}

func confusion(_ counts: [[Int]]) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classCount: counts.count)
    for (truth, row) in counts.enumerated() {
        for (prediction, rows) in row.enumerated() {
            for _ in 0..<rows { matrix.add(truth: truth, prediction: prediction) }
        }
    }
    return matrix
}
