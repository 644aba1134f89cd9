import Drift
import Testing

@Suite struct LabelFreeTests {
    /// Rows of a model of three classes that knows its own doubts, drawn with the given class shares.
    private func world(_ seed: UInt64, _ rows: Int, _ shares: [Double], noise: Double = 1.8)
        -> [ScoredPrediction]
    {
        var random = SplitMix64(seed: seed)
        // x is uniform noise about the class; p(class | x) follows from Bayes with equal training shares.
        return (0..<rows).map { _ in
            var (truth, u) = (0, random.uniform())
            while truth < shares.count - 1 && u >= shares[truth] {
                (u, truth) = (u - shares[truth], truth + 1)
            }
            let x = Double(truth) + noise * (random.uniform() + random.uniform() - 1)
            let densities = shares.indices.map { max(1e-9, noise - abs(x - Double($0))) }
            return ScoredPrediction(
                truth: truth, probabilities: densities.map { $0 / densities.reduce(0, +) })
        }
    }

    private let even = [1.0 / 3, 1.0 / 3, 1.0 / 3]

    @Test func `calibrated confidence foretells the accuracy`() throws {
        let missed = try (0..<100 as Range<UInt64>).filter { seed in
            let rows = world(seed, 400, even)
            let estimate = try #require(ConfidenceBasedEstimate(of: rows.map(\.probabilities)))
            let accuracy = Double(rows.count { $0.isCorrect }) / 400
            return !estimate.accuracyBand(confidence: 0.95).contains(accuracy)
        }
        #expect(missed.count <= 12)
    }

    @Test func `it does not see that the labels changed their meaning, and says so`() throws {
        let rows = world(1, 2_000, even)
        let estimate = try #require(ConfidenceBasedEstimate(of: rows.map(\.probabilities)))
        // The first two classes trade their names: the truth moves, the probabilities do not.
        let right = rows.count { ($0.truth < 2 ? 1 - $0.truth : 2) == $0.prediction }
        #expect(estimate.accuracy - Double(right) / 2_000 > 0.15)
        #expect(ConfidenceBasedEstimate.caveat.contains("does not see it"))
    }

    @Test func `both estimates find a shift of the classes`() throws {
        let now = [0.7, 0.2, 0.1]
        let old = world(3, 4_000, even)
        let rows = world(4, 4_000, now)
        let em = try #require(estimatePriors(of: rows.map(\.probabilities), trainingShares: even))
        #expect(em.distance(from: now) < 0.05)

        var validation = ConfusionMatrix(classCount: 3)
        for row in old { validation.add(truth: row.truth, prediction: row.prediction) }
        var predicted = [0, 0, 0]
        for row in rows { predicted[row.prediction] += 1 }
        let bbse = try #require(BlackBoxShift(validation: validation, predicted: predicted))
        #expect(bbse.estimate.distance(from: now) < 0.08)

        // Corrected rows are right more often.
        let corrected = rows.count {
            ScoredPrediction(
                truth: $0.truth, probabilities: priorCorrected($0.probabilities, from: even, to: em.shares)
            ).isCorrect
        }
        #expect(corrected > rows.count { $0.isCorrect })
    }

    @Test func `a blurred model bears no black-box answer`() {
        let blurred = confusion([[30, 30], [29, 31]])
        #expect(BlackBoxShift(validation: blurred, predicted: [10, 90]) == nil)
        #expect(BlackBoxShift(validation: confusion([[5, 1], [0, 0]]), predicted: [1, 1]) == nil)
        #expect(BlackBoxShift(validation: ConfusionMatrix(classCount: 2), predicted: [1, 1]) == nil)
        #expect(estimatePriors(of: [], trainingShares: [0.5, 0.5]) == nil)
        #expect(estimatePriors(of: [[1, 0]], trainingShares: [1, 0]) == nil)
    }

    private func cells(_ rows: [ScoredPrediction]) -> PredictionCells {
        var cells = PredictionCells(classCount: 3)
        for row in rows { cells.add(row.probabilities) }
        return cells
    }

    @Test func `cells hold every row once and merge`() throws {
        let rows = world(1, 300, even)
        var merged = cells(Array(rows.prefix(100)))
        merged.merge(cells(Array(rows.dropFirst(100))))
        #expect(merged == cells(rows) && merged.total == 300)
        merged.add([.nan, 1, 0])
        #expect(merged.total == 300)
        merged.add([1, 0, 0])
        merged.add([0.3, 0.3, 0.4])
        #expect(merged.total == 302)
        #expect(try roundTrip(merged) == merged)
    }

    @Test func `a label shift fits a label shift, another noise does not`() throws {
        let fits = try (0..<60 as Range<UInt64>).map { seed in
            let old = world(seed, 1_500, even)
            let reference = (0..<3).map { label in cells(old.filter { $0.truth == label }) }
            let shifted = try #require(
                labelShiftFit(current: cells(world(seed + 100, 500, [0.6, 0.3, 0.1])), reference: reference))
            let other = try #require(
                labelShiftFit(current: cells(world(seed + 200, 500, even, noise: 1)), reference: reference))
            return (shifted.fit.pValue, other.fit.pValue)
        }
        #expect(fits.count { $0.0 <= 0.05 } <= 9)
        #expect(fits.count { $0.1 <= 0.001 } >= 55)
    }

    @Test func `a temperature on probabilities is the one on logits`() {
        let logits = [2.0, -1, 0.5]
        let scaled = temperatureScaled(softmax(logits), by: 2)
        for (one, other) in zip(scaled, softmax(logits.map { $0 / 2 })) { #expect(isClose(one, other)) }
        #expect(temperatureScaled([1, 0], by: 3) == [1, 0])
        #expect(temperatureScaled([0, 0], by: 3) == [0, 0])
    }

    @Test func `no rows have no estimate`() {
        #expect(ConfidenceBasedEstimate(of: []) == nil)
        #expect(ConfidenceBasedEstimate(of: [[.nan, 1]]) == nil)
        #expect(labelShiftFit(current: [0, 0, 0], reference: [[1, 1, 1]]) == nil)
    }
}
