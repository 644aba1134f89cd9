import Corpus
import Foundation
import Testing
import Training
import Transformers

@Suite struct EvaluationTests {
    private let model: TextClassifier
    private let rows: [Example]

    init() throws {
        model = try TextClassifier(folder: TinyTask.base)
        rows = TinyTask.rows(300)
    }

    @Test func `rows are scored in the order that they came in`() throws {
        let scored = try evaluate(model, on: rows)
        #expect(scored.count == rows.count)
        for (row, score) in zip(rows, scored) {
            #expect(score.prediction == model.predict([model.encode(row.text, pair: nil)])[0])
            #expect(model.labels.names[score.label] == row.label)
            #expect(score.isCorrect == (score.prediction.label == row.label))
            #expect(abs(score.lossInNats + log(Double(score.prediction.probabilities[score.label]))) < 1e-6)
        }
    }

    @Test func `a label that the model does not know is refused by name`() throws {
        let error = #expect(throws: TrainingError.self) {
            try evaluate(model, on: [Example(text: "a film", target: .label("mixed"))])
        }
        #expect(error == .unknownLabel("mixed", known: ["negative", "neutral", "positive"]))
        #expect(throws: TrainingError.self) { try evaluate(model, on: [Example(text: "a film")]) }
    }

    @Test func `no rows have no scores`() throws {
        #expect(try evaluate(model, on: []).isEmpty)
    }
}
