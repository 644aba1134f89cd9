import Tensors
import Tokenizers
import Transformers

/// Rows that have one label each.
struct ClassificationRows: TrainingRows {
    let reading: TextReading
    let training: Side
    let development: Side

    /// Tokenized rows, one text's windows after the other's.
    struct Side {
        var encodings: [Encoding] = []
        /// The index of the label of each encoding: its text's.
        var labels: [Int] = []
        /// Which encodings are of each text.
        var texts: [Range<Int>] = []
        /// What a wholly frozen encoder makes of them, [rows, d]: it is not asked again.
        var features: Matrix?
        /// What an earlier model said of each encoding, where that is held on to; empty where it is of none.
        var earlier: [[Float]?] = []

        mutating func append(_ text: [Encoding], label: Int) {
            texts.append(encodings.count..<encodings.count + text.count)
            encodings += text
            labels += repeatElement(label, count: text.count)
        }

        var textLabels: [Int] { texts.map { labels[$0.lowerBound] } }
    }

    var lengths: [Int] { training.encodings.map(\.ids.count) }
    var hasDevelopment: Bool { !development.labels.isEmpty }

    func step(
        _ model: TextClassificationModel, _ batch: [Int], number: Int, _ arguments: TrainingArguments,
        into gradient: inout TextClassificationModel
    ) -> Double {
        let pass = Pass(
            TokenBatch(batch.map { training.encodings[$0] }), model.configuration, arguments, number: number)
        if let features = training.features {
            return headStep(model.head, features.rows(batch), batch, pass, arguments, into: &gradient.head)
        }
        let (logits, cache) = model.forward(pass)
        let (loss, dlogits) = lossAndGradient(logits, batch, arguments)
        model.backward(dlogits, cache, pass, into: &gradient)
        return loss
    }

    private func lossAndGradient(
        _ logits: Matrix, _ batch: [Int], _ arguments: TrainingArguments
    ) -> (loss: Double, gradient: Matrix) {
        var (loss, gradient) = CrossEntropy.lossAndGradient(
            logits, labels: batch.map { training.labels[$0] }, smoothing: arguments.labelSmoothing)
        if let distillation = arguments.distillation, !training.earlier.isEmpty {
            let distance = LogitDistance.lossAndGradient(
                logits, targets: batch.map { training.earlier[$0] }, weight: distillation.weight)
            loss += distance.loss
            gradient += distance.gradient
        }
        return (loss, gradient)
    }

    /// The same for the head alone, over what the encoder made of the rows.
    private func headStep(
        _ head: SequenceClassificationHead, _ features: Matrix, _ batch: [Int], _ pass: Pass,
        _ arguments: TrainingArguments, into gradient: inout SequenceClassificationHead
    ) -> Double {
        var pass = pass
        pass.batch = .single(batch.count)
        let (logits, cache) = head.forward(features, pass)
        let (loss, dlogits) = lossAndGradient(logits, batch, arguments)
        _ = head.backward(dlogits, cache, pass, into: &gradient)
        return loss
    }

    private func scores(_ model: TextClassificationModel, _ arguments: TrainingArguments) -> [ScoredExample] {
        if let features = development.features {
            let (logits, _) = model.head.forward(features, Pass(.single(features.rows)))
            let configuration = model.configuration
            return zip(development.texts, development.textLabels).map { rows, label in
                let pooled = reading.pooled(rows.map { logits.rows([$0]) })
                return ScoredExample(
                    Prediction(
                        logits: pooled[row: 0], labels: configuration.labels,
                        temperature: configuration.temperature),
                    label: label, of: configuration.labels)
            }
        }
        let classifier = TextClassifier(
            model, tokenizer: reading.tokenizer, maximumLength: reading.maximumLength,
            precision: arguments.precision.resolved)
        let texts = development.texts.map { classifier.ask(Array(development.encodings[$0])) }
        return Training.evaluate(classifier, texts, labels: development.textLabels)
    }

    func evaluate(
        _ model: TextClassificationModel, _ arguments: TrainingArguments
    ) -> (headline: Double, loss: Double) {
        let scored = scores(model, arguments)
        let fit = fitTemperature(logits: scored.map(\.prediction.logits), labels: development.textLabels)
        return (Double(scored.count { $0.isCorrect }) / Double(scored.count), fit.lossInNats)
    }

    func temperature(of model: TextClassificationModel, _ arguments: TrainingArguments) -> Double {
        guard hasDevelopment else { return 1 }
        return fitTemperature(
            logits: scores(model, arguments).map(\.prediction.logits), labels: development.textLabels
        ).temperature
    }
}
