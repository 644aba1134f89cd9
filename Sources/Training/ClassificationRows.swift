import Tensors
import Tokenizers
import Transformers

/// Rows that have one label each.
struct ClassificationRows: TrainingRows {
    let tokenizer: any Tokenizer
    let training: Side
    let development: Side

    /// Tokenized rows and the index of each one's label.
    struct Side {
        var encodings: [Encoding]
        var labels: [Int]
        /// What a wholly frozen encoder makes of them, [rows, d]: it is not asked again.
        var features: Matrix?
    }

    var lengths: [Int] { training.encodings.map(\.ids.count) }
    var hasDevelopment: Bool { !development.labels.isEmpty }

    func step(
        _ model: TextClassificationModel, _ batch: [Int], number: Int, _ arguments: TrainingArguments,
        into gradient: inout TextClassificationModel
    ) -> Double {
        let pass = Pass(
            TokenBatch(batch.map { training.encodings[$0] }), model.configuration, arguments, number: number)
        let labels = batch.map { training.labels[$0] }
        if let features = training.features {
            return headStep(model.head, features.rows(batch), labels, pass, arguments, into: &gradient.head)
        }
        let (logits, cache) = model.forward(pass)
        let (loss, dlogits) = CrossEntropy.lossAndGradient(
            logits, labels: labels, smoothing: arguments.labelSmoothing)
        model.backward(dlogits, cache, pass, into: &gradient)
        return loss
    }

    /// The same for the head alone, over what the encoder made of the rows.
    private func headStep(
        _ head: SequenceClassificationHead, _ features: Matrix, _ labels: [Int], _ pass: Pass,
        _ arguments: TrainingArguments, into gradient: inout SequenceClassificationHead
    ) -> Double {
        var pass = pass
        pass.batch = .single(labels.count)
        let (logits, cache) = head.forward(features, pass)
        let (loss, dlogits) = CrossEntropy.lossAndGradient(
            logits, labels: labels, smoothing: arguments.labelSmoothing)
        _ = head.backward(dlogits, cache, pass, into: &gradient)
        return loss
    }

    private func scores(_ model: TextClassificationModel, _ arguments: TrainingArguments) -> [ScoredExample] {
        if let features = development.features {
            let (logits, _) = model.head.forward(features, Pass(.single(features.rows)))
            let configuration = model.configuration
            return development.labels.enumerated().map { row, label in
                ScoredExample(
                    Prediction(
                        logits: logits[row: row], labels: configuration.labels,
                        temperature: configuration.temperature),
                    label: label, of: configuration.labels)
            }
        }
        let classifier = TextClassifier(
            model, tokenizer: tokenizer, maximumLength: arguments.maximumLength,
            precision: arguments.precision.resolved)
        return Training.evaluate(classifier, development.encodings, labels: development.labels)
    }

    func evaluate(
        _ model: TextClassificationModel, _ arguments: TrainingArguments
    ) -> (headline: Double, loss: Double) {
        let scored = scores(model, arguments)
        let fit = fitTemperature(logits: scored.map(\.prediction.logits), labels: development.labels)
        return (Double(scored.count { $0.isCorrect }) / Double(scored.count), fit.lossInNats)
    }

    func temperature(of model: TextClassificationModel, _ arguments: TrainingArguments) -> Double {
        guard hasDevelopment else { return 1 }
        return fitTemperature(
            logits: scores(model, arguments).map(\.prediction.logits), labels: development.labels
        ).temperature
    }
}
