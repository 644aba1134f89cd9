import Drift
import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// The scores of scikit-learn and torchmetrics for the same predictions.
@Suite struct PerformanceReferenceTests {
    struct Reference: Decodable {
        let cases: [Case]
    }

    struct Case: Decodable, CustomTestStringConvertible {
        let name: String
        let classes: Int
        let truth: [Int]
        let logits: [[Double]]
        let accuracy: Double
        let balancedAccuracy: Double
        let macroF1: Double
        let precision: [Double]
        let recall: [Double]
        let f1: [Double]
        let support: [Int]
        let confusion: [[Int]]
        let logLoss: Double
        let brier: Double
        let calibrationError: Double
        let temperature: Double

        var testDescription: String { name }

        var rows: [ScoredPrediction] {
            zip(logits, truth).map { ScoredPrediction(truth: $1, probabilities: softmax($0)) }
        }
    }

    static let cases = try! JSONDecoder().decode(
        Reference.self, from: fixture("performance.json", beside: Stream.file)
    ).cases

    @Test(arguments: cases) func `scores equal scikit-learn's`(_ reference: Case) throws {
        let performance = try #require(Performance(of: reference.rows, classCount: reference.classes))
        #expect(performance.confusion.counts == reference.confusion)
        #expect(isClose(performance.accuracy, reference.accuracy))
        #expect(isClose(performance.balancedAccuracy, reference.balancedAccuracy))
        #expect(isClose(performance.macroF1, reference.macroF1))
        #expect(isClose(performance.logLoss, reference.logLoss))
        #expect(isClose(performance.brierScore, reference.brier))
        for (index, scores) in performance.confusion.classScores.enumerated() {
            #expect(isClose(scores.precision, reference.precision[index]))
            #expect(isClose(scores.recall, reference.recall[index]))
            #expect(isClose(scores.f1, reference.f1[index]))
            #expect(scores.support == reference.support[index])
        }
    }

    @Test(arguments: cases) func `the calibration error equals torchmetrics'`(_ reference: Case) throws {
        let performance = try #require(Performance(of: reference.rows, classCount: reference.classes))
        #expect(abs(performance.expectedCalibrationError - reference.calibrationError) < 1e-6)
    }

    @Test(arguments: cases) func `the temperature equals SciPy's minimiser`(_ reference: Case) {
        let temperature = fitTemperature(logits: reference.logits, truth: reference.truth)
        #expect(isClose(temperature, reference.temperature, 1e-5))
    }
}

func softmax(_ logits: [Double]) -> [Double] {
    let top = logits.max()!
    let weights = logits.map { exp($0 - top) }
    return weights.map { $0 / weights.reduce(0, +) }
}
