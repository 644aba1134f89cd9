import Foundation
import Testing
import Training

@Suite struct FailedRunTests {
    private func result(accuracy: Double, loss: Double) throws -> FineTuningResult {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let written = loss.isFinite ? "\(loss)" : "\"\(loss)\""
        return try decoder.decode(
            FineTuningResult.self,
            from: Data(
                """
                {"steps": 9, "epochs": 1, "bestStep": 9, "developmentAccuracy": \(accuracy),
                 "developmentLoss": \(written), "temperature": 1, "tokens": 900, "weightsSHA256": ""}
                """.utf8))
    }

    private func rows(_ good: Int, _ bad: Int) -> [String] {
        Array(repeating: "good", count: good) + Array(repeating: "bad", count: bad)
    }

    @Test func `a run that is no better than the classes' shares has learned nothing`() throws {
        let even = rows(50, 50)
        #expect(try result(accuracy: 0.5, loss: log(2)).learnedNothing(development: even))
        #expect(try result(accuracy: 0.52, loss: 0.67).learnedNothing(development: even))
        #expect(try !result(accuracy: 0.55, loss: 0.69).learnedNothing(development: even))
        #expect(try !result(accuracy: 0.5, loss: 0.6).learnedNothing(development: even))
    }

    @Test func `a loss that is no number is a failure whatever else there is`() throws {
        #expect(try result(accuracy: 0.9, loss: .nan).learnedNothing(development: rows(50, 50)))
        #expect(try result(accuracy: 0.9, loss: .infinity).learnedNothing(development: rows(50, 50)))
    }

    @Test func `where one class is nearly all, probabilities show what right answers cannot`() throws {
        // H = .198 nats.
        let rare = rows(95, 5)
        #expect(try !result(accuracy: 0.96, loss: 0.1).learnedNothing(development: rare))
        #expect(try result(accuracy: 0.95, loss: 0.198).learnedNothing(development: rare))
    }

    @Test func `few rows, or rows of one class, show nothing`() throws {
        #expect(try !result(accuracy: 0.5, loss: 0.7).learnedNothing(development: rows(14, 15)))
        #expect(try !result(accuracy: 1, loss: 0).learnedNothing(development: rows(90, 0)))
        #expect(try !result(accuracy: 0, loss: 0).learnedNothing(development: []))
    }
}
