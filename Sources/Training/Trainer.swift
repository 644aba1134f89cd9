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
        /// What a wholly frozen encoder makes of them, [rows, d]: it is not asked again.
        var features: Matrix?
    }

    /// The weights of the best evaluation, and how it went.
    struct Outcome {
        var model: TextClassificationModel
        var steps: Int
        var epochs: Double
        var tokens: Int
        var best: EarlyStopping.Best
        var temperature: Double
    }

    /// Trains until the schedule ends or evaluations stop getting better.
    ///
    /// - Parameters:
    ///   - start: is given away, so that its weights are moved where they lie.
    ///   - saved: where the state is kept, and an earlier one is looked for.
    func train(
        _ start: consuming TextClassificationModel, saved: SavedState? = nil,
        progress report: (TrainingProgress) -> Void, isCancelled: () -> Bool
    ) throws -> Outcome {
        let sampler = BatchSampler(
            lengths: training.encodings.map(\.ids.count), rowLimit: arguments.batchSize,
            tokenLimit: arguments.tokensPerBatch, seed: arguments.seed)
        let plan = (0..<arguments.epochs).map(sampler.batches)
        let totalSteps = plan.reduce(0) { $0 + $1.count }
        let schedule = LearningRateSchedule(
            peak: arguments.learningRate, warmupSteps: Int(Float(totalSteps) * arguments.warmupRatio),
            totalSteps: totalSteps)
        let headRatio = (arguments.headLearningRate ?? arguments.learningRate) / arguments.learningRate
        let earlier = saved?.load(like: start, arguments)
        var state = if let earlier { earlier } else { TrainingState(start, arguments) }
        var gradient = state.optimizer.zeroGradient(of: state.model)
        state.cursor.progress.totalSteps = totalSteps
        if state.cursor.progress.step > 0 { report(state.cursor.progress) }
        var savedAt = ContinuousClock.now

        while state.cursor.epoch < plan.count, !state.cursor.stopping.shouldStop {
            let batches = plan[state.cursor.epoch]
            let evaluateEvery = max(
                1, (batches.count + arguments.evaluationsPerEpoch - 1) / arguments.evaluationsPerEpoch)
            while state.cursor.batch < batches.count, !state.cursor.stopping.shouldStop {
                if isCancelled() {
                    // Losing the state is no reason to hide why the training ended.
                    try? saved?.save(state)
                    throw TrainingError.cancelled
                }
                if let saved, ContinuousClock.now - savedAt >= saved.interval {
                    try? saved.save(state)
                    savedAt = .now
                }
                let rows = batches[state.cursor.batch]
                let rate = schedule.learningRate(at: state.cursor.progress.step)
                gradient.visit { _, matrix in matrix.setZero() }
                let loss = step(state.model, rows, number: state.cursor.progress.step, into: &gradient)
                guard loss.isFinite else {
                    throw TrainingError.diverged(step: state.cursor.progress.step + 1)
                }
                state.optimizer.update(
                    &state.model, gradient: gradient, learningRate: rate, headLearningRate: rate * headRatio)
                state.cursor.advance(
                    of: batches.count, loss: loss, learningRate: rate,
                    tokens: rows.reduce(0) { $0 + training.encodings[$1].ids.count })
                let index = state.cursor.batch
                let isDue = index % evaluateEvery == 0 || index == batches.count
                if isDue, !development.labels.isEmpty { evaluate(&state) }
                report(state.cursor.progress)
                state.cursor.progress.phase = .training
            }
            state.cursor.epoch += 1
            state.cursor.batch = 0
        }
        return outcome(of: state, report)
    }

    /// Weighs the model on the development rows and keeps it where it is the best so far.
    private func evaluate(_ state: inout TrainingState) {
        let (accuracy, loss) = evaluate(state.model)
        state.cursor.progress.phase = .evaluating
        state.cursor.progress.developmentAccuracy = accuracy
        state.cursor.progress.developmentLoss = loss
        // The next step writes to weights of its own and leaves these alone.
        if state.cursor.stopping.isBest(accuracy: accuracy, loss: loss, step: state.cursor.progress.step) {
            state.kept = state.model
        }
    }

    private func outcome(
        of state: TrainingState, _ report: (TrainingProgress) -> Void
    ) -> Outcome {
        var progress = state.cursor.progress
        // Without development rows there is nothing to choose by: the last weights are the result.
        var best = state.kept ?? state.model
        let temperature = development.labels.isEmpty ? 1 : temperature(of: best)
        best.temperature = Float(temperature)
        progress.phase = .finished
        report(progress)
        return Outcome(
            model: best, steps: progress.step, epochs: progress.epoch, tokens: progress.tokens,
            best: state.cursor.stopping.best ?? .init(accuracy: 0, loss: 0, step: progress.step),
            temperature: temperature)
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
            step: number + 1, precision: arguments.precision.resolved, frozenBlocks: arguments.frozenLayers)
        let labels = rows.map { training.labels[$0] }
        if let features = training.features {
            return headStep(model.head, features.rows(rows), labels, pass, into: &gradient.head)
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
        into gradient: inout SequenceClassificationHead
    ) -> Double {
        var pass = pass
        pass.batch = .single(labels.count)
        let (logits, cache) = head.forward(features, pass)
        let (loss, dlogits) = CrossEntropy.lossAndGradient(
            logits, labels: labels, smoothing: arguments.labelSmoothing)
        _ = head.backward(dlogits, cache, pass, into: &gradient)
        return loss
    }

    private func scores(_ model: TextClassificationModel) -> [ScoredExample] {
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

    private func evaluate(_ model: TextClassificationModel) -> (accuracy: Double, loss: Double) {
        let scored = scores(model)
        let fit = fitTemperature(logits: scored.map(\.prediction.logits), labels: development.labels)
        return (Double(scored.count { $0.isCorrect }) / Double(scored.count), fit.lossInNats)
    }

    private func temperature(of model: TextClassificationModel) -> Double {
        fitTemperature(logits: scores(model).map(\.prediction.logits), labels: development.labels).temperature
    }
}

extension TrainingState.Cursor {
    /// Counts a step.
    ///
    /// - Parameter count: the batches of the epoch.
    fileprivate mutating func advance(of count: Int, loss: Double, learningRate: Float, tokens: Int) {
        batch += 1
        recent.add(loss)
        progress.step += 1
        progress.epoch = Double(epoch) + Double(batch) / Double(count)
        progress.loss = recent.mean
        progress.learningRate = Double(learningRate)
        progress.tokens += tokens
    }
}
