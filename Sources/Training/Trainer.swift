import Tensors
import Tokenizers
import Transformers

/// The loop: batches in, better weights out. Everything random comes from the seed; nothing depends
/// on time or on the number of threads.
struct Trainer {
    let arguments: TrainingArguments
    let tokenizer: any Tokenizer
    let training: TokenizedRows
    let development: TokenizedRows

    /// Tokenized rows and the index of each one's label.
    struct TokenizedRows {
        var encodings: [Encoding]
        var labels: [Int]
    }

    /// The weights of the best evaluation, and how it went.
    struct Outcome {
        var model: TextClassificationModel
        var steps: Int
        var epochs: Double
        var tokens: Int
        var best: (accuracy: Double, loss: Double, step: Int)
        var temperature: Double
    }

    /// Trains until the schedule ends or evaluations stop getting better.
    ///
    /// - Parameter start: is given away, so that its weights are moved where they lie.
    func train(
        _ start: consuming TextClassificationModel, progress report: (TrainingProgress) -> Void,
        isCancelled: () -> Bool
    ) throws -> Outcome {
        var model = start
        let sampler = BatchSampler(
            lengths: training.encodings.map(\.ids.count), rowLimit: arguments.batchSize,
            tokenLimit: arguments.tokensPerBatch, seed: arguments.seed)
        let plan = (0..<arguments.epochs).map(sampler.batches)
        let totalSteps = plan.reduce(0) { $0 + $1.count }
        let schedule = LearningRateSchedule(
            peak: arguments.learningRate, warmupSteps: Int(Float(totalSteps) * arguments.warmupRatio),
            totalSteps: totalSteps)
        let headRatio = (arguments.headLearningRate ?? arguments.learningRate) / arguments.learningRate
        var optimizer = AdamW(model, arguments)
        var gradient = model.zeroGradient
        var stopping = EarlyStopping(patience: arguments.earlyStoppingPatience)
        var kept: TextClassificationModel?
        var progress = TrainingProgress(
            phase: .training, step: 0, totalSteps: totalSteps, epoch: 0, loss: 0, learningRate: 0, tokens: 0)
        var recent = RecentLosses()

        epochs: for (epoch, batches) in plan.enumerated() {
            let evaluateEvery = max(
                1, (batches.count + arguments.evaluationsPerEpoch - 1) / arguments.evaluationsPerEpoch)
            for (index, rows) in batches.enumerated() {
                if isCancelled() { throw TrainingError.cancelled }
                let rate = schedule.learningRate(at: progress.step)
                gradient.visit { _, matrix in matrix.setZero() }
                let loss = step(model, rows, number: progress.step, into: &gradient)
                guard loss.isFinite else { throw TrainingError.diverged(step: progress.step + 1) }
                optimizer.update(
                    &model, gradient: gradient, learningRate: rate, headLearningRate: rate * headRatio)
                recent.add(loss)
                progress.step += 1
                progress.epoch = Double(epoch) + Double(index + 1) / Double(batches.count)
                progress.loss = recent.mean
                progress.learningRate = Double(rate)
                progress.tokens += rows.reduce(0) { $0 + training.encodings[$1].ids.count }
                let isDue = (index + 1) % evaluateEvery == 0 || index == batches.count - 1
                if isDue, !development.labels.isEmpty {
                    progress.phase = .evaluating
                    let (accuracy, loss) = evaluate(model)
                    progress.developmentAccuracy = accuracy
                    progress.developmentLoss = loss
                    // The next step writes to weights of its own and leaves these alone.
                    if stopping.isBest(accuracy: accuracy, loss: loss, step: progress.step) { kept = model }
                }
                report(progress)
                progress.phase = .training
                if stopping.shouldStop { break epochs }
            }
        }
        // Without development rows there is nothing to choose by: the last weights are the result.
        var best = kept ?? model
        let temperature = fitTemperature(best)
        best.temperature = Float(temperature)
        progress.phase = .finished
        report(progress)
        return Outcome(
            model: best, steps: progress.step, epochs: progress.epoch, tokens: progress.tokens,
            best: stopping.best ?? (accuracy: 0, loss: 0, step: progress.step), temperature: temperature)
    }

    /// One forward and backward pass; returns the mean loss of the batch in nats.
    private func step(
        _ model: TextClassificationModel, _ rows: [Int], number: Int,
        into gradient: inout TextClassificationModel
    ) -> Double {
        let configuration = model.configuration
        let pass = Pass(
            TokenBatch(rows.map { training.encodings[$0] }),
            dropout: arguments.dropout ?? configuration.hiddenDropout,
            attentionDropout: arguments.dropout ?? configuration.attentionDropout, seed: arguments.seed,
            step: number + 1, precision: arguments.precision.resolved)
        let (logits, cache) = model.forward(pass)
        let (loss, dlogits) = CrossEntropy.lossAndGradient(
            logits, labels: rows.map { training.labels[$0] }, smoothing: arguments.labelSmoothing)
        model.backward(dlogits, cache, pass, into: &gradient)
        return loss
    }

    private func scores(_ model: TextClassificationModel) -> [ScoredExample] {
        let classifier = TextClassifier(
            model, tokenizer: tokenizer, maximumLength: arguments.maximumLength,
            precision: arguments.precision.resolved)
        return Training.evaluate(classifier, development.encodings, labels: development.labels)
    }

    private func evaluate(_ model: TextClassificationModel) -> (accuracy: Double, loss: Double) {
        let scored = scores(model)
        let count = Double(scored.count)
        return (
            Double(scored.count { $0.isCorrect }) / count, scored.reduce(0) { $0 + $1.lossInNats } / count
        )
    }

    private func fitTemperature(_ model: TextClassificationModel) -> Double {
        guard !development.labels.isEmpty else { return 1 }
        return bestTemperature(logits: scores(model).map(\.prediction.logits), labels: development.labels)
    }
}

/// The mean of the newest losses: single steps jump too much to be read.
private struct RecentLosses {
    private var values: [Double] = []

    mutating func add(_ loss: Double) {
        values.append(loss)
        if values.count > 20 { values.removeFirst() }
    }

    var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
}
