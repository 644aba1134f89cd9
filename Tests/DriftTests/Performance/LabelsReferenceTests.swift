import Drift
import FoundationEssentials
import TestSupport
import Testing

/// Rankings, macro averages and weighted means: scikit-learn's and NumPy's figures.
@Suite struct LabelsReferenceTests {
    struct Reference: Decodable {
        let cases: [Case]
        let weighted: [Weighted]
    }

    struct Case: Decodable, CustomTestStringConvertible {
        let name: String
        let truth: [Int]
        let probabilities: [[Double]]
        let macroArea: Double
        let macroPrecision: Double
        let macroRecall: Double

        var testDescription: String { name }
        var rows: [ScoredPrediction] { zip(truth, probabilities).map(ScoredPrediction.init) }
    }

    struct Weighted: Decodable {
        let propensities: [Double]
        let losses: [Double]
        let mean: Double
        let standardError: Double
        let effectiveCount: Double
        let anytimeReach: Double
    }

    static let reference = try! JSONDecoder().decode(
        Reference.self, from: fixture("labels.json", beside: Stream.file))

    @Test(arguments: reference.cases) func `areas and macro averages equal scikit-learn's`(_ row: Case) throws
    {
        #expect(isClose(try #require(macroAreaUnderROC(row.probabilities, truth: row.truth)), row.macroArea))
        var confusion = ConfusionMatrix(classCount: row.probabilities[0].count)
        for row in row.rows { confusion.add(truth: row.truth, prediction: row.prediction) }
        #expect(isClose(try #require(confusion.macroPrecision), row.macroPrecision))
        #expect(isClose(try #require(confusion.macroRecall), row.macroRecall))
    }

    @Test func `a weighted mean and its error equal NumPy's`() throws {
        for row in Self.reference.weighted {
            var selection = LabelSelection()
            for (loss, propensity) in zip(row.losses, row.propensities) {
                selection.add(loss: loss, origin: .propensity, propensity: propensity)
            }
            #expect(isClose(try #require(selection.mean), row.mean))
            #expect(isClose(try #require(selection.standardError), row.standardError, 1e-9))
            #expect(isClose(selection.effectiveCount, row.effectiveCount))
            guard row.losses.count >= 30 else {
                #expect(selection.anytimeInterval(alpha: 0.05) == nil)
                continue
            }
            let interval = try #require(selection.anytimeInterval(alpha: 0.05))
            #expect(isClose(interval.upperBound - row.mean, row.anytimeReach, 1e-9))
            #expect(isClose(row.mean - interval.lowerBound, row.anytimeReach, 1e-9))
        }
    }

    @Test(arguments: reference.cases) func `merged tallies have the scores of all rows`(_ row: Case) throws {
        let classes = row.probabilities[0].count
        var (first, second) = (PerformanceTally(classCount: classes), PerformanceTally(classCount: classes))
        for (index, row) in row.rows.enumerated() {
            if index < 17 { first.add(row) } else { second.add(row) }
        }
        first.merge(second)
        let performance = try #require(Performance(of: row.rows, classCount: classes))
        #expect(first.confusion == performance.confusion)
        #expect(isClose(try #require(first.logLoss), performance.logLoss))
        #expect(isClose(try #require(first.brierScore), performance.brierScore))
        #expect(isClose(try #require(first.expectedCalibrationError), performance.expectedCalibrationError))
        #expect(first.accuracyInterval() == performance.accuracyInterval)
        #expect(try roundTrip(first) == first)
    }

    @Test func `what cannot be ranked has no area`() {
        #expect(areaUnderROC(scores: [1, 2], isPositive: [true, true]) == nil)
        #expect(areaUnderROC(scores: [], isPositive: []) == nil)
        #expect(areaUnderROC(scores: [.nan, 1, 0], isPositive: [true, true, false]) == 1)
        #expect(areaUnderROC(scores: [1, 1, 1], isPositive: [true, false, false]) == 0.5)
        #expect(macroAreaUnderROC([], truth: []) == nil)
        #expect(PerformanceTally(classCount: 2).logLoss == nil)
    }
}
