import Corpus
import Foundation
import Tensors
import Transformers

/// What is set right about a model without a step of training.
public enum Adjustment: Codable, Sendable, Equatable {
    /// Its temperature alone, on all rows that are given: no answer changes, only how sure it is.
    case temperature
    /// The shares of its classes. With p(x | class) as it was,
    ///
    ///     p(k | x) ∝ p_then(k | x) · now_k / then_k
    ///
    /// which is softmax with T·ln(now_k / then_k) added to the bias of class k, T the temperature.
    ///
    /// Source: Saerens et al., [doi:10.1162/089976602753284446](https://doi.org/10.1162/089976602753284446).
    case prior(then: [Double], now: [Double])
}

/// Adjusts a checkpoint and writes it as a new one.
///
/// - Parameters:
///   - training: what a temperature is fitted on, with the development rows.
///   - development: what the result is weighed on.
/// - Throws: `TrainingError`, `CheckpointError`.
func adjust(
    _ checkpoint: Checkpoint, _ adjustment: Adjustment, labels: LabelSet, training: [Example],
    development: [Example], arguments: TrainingArguments, output: String
) throws -> FineTuningResult {
    var model = try checkpoint.classificationModel()
    guard model.configuration.labels == labels else {
        throw TrainingError.badArgument("adjustment", range: "of a model that has the labels already")
    }
    let reading = checkpoint.reading(maximumLength: arguments.maximumLength)
    func scores(_ rows: [Example]) throws -> [ScoredExample] {
        try evaluate(
            TextClassifier(
                model, tokenizer: reading.tokenizer, maximumLength: reading.maximumLength,
                precision: arguments.precision.resolved), on: rows)
    }
    switch adjustment {
    case .temperature:
        let scored = try scores(training + development)
        model.temperature = Float(
            fitTemperature(logits: scored.map(\.prediction.logits), labels: scored.map(\.label)).temperature)
    case .prior(let then, let now):
        let shares = then + now
        guard then.count == labels.count, now.count == labels.count,
            shares.allSatisfy({ $0 > 0 && $0.isFinite })
        else { throw TrainingError.badArgument("adjustment", range: "of one share above 0 for each label") }
        for label in 0..<labels.count {
            model.head.classifier.bias[0, label] +=
                model.temperature * Float(logarithm(now[label] / then[label]))
        }
    }
    try checkpoint.write(model, to: output)
    let scored = try scores(development)
    let loss = scored.reduce(0) { $0 + $1.lossInNats }
    let count = Double(max(1, scored.count))
    return FineTuningResult(
        steps: 0, epochs: 0, bestStep: 0, developmentAccuracy: Double(scored.count { $0.isCorrect }) / count,
        developmentLoss: loss / count, temperature: Double(model.temperature), tokens: 0,
        weightsSHA256: try ContentHash.ofFile(output + "/model.safetensors").hex)
}
