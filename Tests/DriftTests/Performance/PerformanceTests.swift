import Drift
import Testing

@Suite struct PerformanceTests {
    @Test func `no rows have no score`() {
        #expect(Performance(of: [], classCount: 2) == nil)
        #expect(ConfusionMatrix(classCount: 3).macroF1 == nil)
        #expect(logLoss([], truth: []) == nil)
        #expect(expectedCalibrationError(confidences: [], isCorrect: []) == nil)
    }

    @Test func `a perfect model scores perfectly`() throws {
        let rows = [0, 1, 1].map { ScoredPrediction(truth: $0, probabilities: $0 == 0 ? [1, 0] : [0, 1]) }
        let performance = try #require(Performance(of: rows, classCount: 2))
        #expect(performance.accuracy == 1 && performance.macroF1 == 1 && performance.balancedAccuracy == 1)
        #expect(performance.logLoss == 0 && performance.brierScore == 0)
        #expect(performance.expectedCalibrationError == 0)
        #expect(performance.accuracyInterval.upperBound == 1)
    }

    @Test func `an absurd certainty costs much but not everything`() {
        let loss = lossInNats(0)
        #expect(loss.isFinite && loss > 30)
        #expect(lossInNats(1.5) == 0)
    }

    @Test func `the first of equal probabilities is the prediction`() {
        #expect(ScoredPrediction(truth: 0, probabilities: [0.25, 0.375, 0.375]).prediction == 1)
    }

    @Test func `confidences that are no numbers break nothing`() {
        let error = expectedCalibrationError(
            confidences: [.nan, .infinity, -3, 7], isCorrect: [true, true, true, true])
        #expect(error != nil)
    }

    @Test func `confidence that keeps its word has no calibration error`() throws {
        let confidences = Array(repeating: 0.75, count: 400)
        let isCorrect = (0..<400).map { !$0.isMultiple(of: 4) }
        #expect(
            try #require(expectedCalibrationError(confidences: confidences, isCorrect: isCorrect)) < 1e-12)
    }

    @Test func `temperature undoes a scaling of the logits`() {
        var random = SplitMix64(seed: 21)
        let logits = (0..<300).map { _ in [random.uniform() * 4 - 2, random.uniform() * 4 - 2] }
        let truth = logits.map { random.uniform() < softmax($0)[0] ? 0 : 1 }

        let one = fitTemperature(logits: logits, truth: truth)
        let tripled = fitTemperature(logits: logits.map { $0.map { $0 * 3 } }, truth: truth)

        #expect(abs(one - 1) < 0.3)
        #expect(isClose(tripled, 3 * one, 1e-9))
    }

    @Test func `temperature stays in its range`() {
        #expect(isClose(fitTemperature(logits: [[5, 0]], truth: [0]), temperatureRange.lowerBound))
        #expect(isClose(fitTemperature(logits: [[5, 0]], truth: [1]), temperatureRange.upperBound))
        #expect(fitTemperature(logits: [[.nan, 0]], truth: [1]) == 1)
    }

    @Test func `everything survives JSON`() throws {
        let rows = [
            ScoredPrediction(truth: 0, probabilities: [0.4, 0.6]),
            .init(truth: 1, probabilities: [0.1, 0.9]),
        ]
        let performance = try #require(Performance(of: rows, classCount: 2))
        #expect(try roundTrip(performance) == performance)
    }
}
