import Tensors
import Transformers

/// The rows of a run, and all that the loop does not know of them: what it is that is learned.
protocol TrainingRows {
    associatedtype Model: Network

    /// The tokens of each row that is learned from.
    var lengths: [Int] { get }

    /// Whether there are rows to choose the best weights by.
    var hasDevelopment: Bool { get }

    /// One forward and backward pass over some of the rows.
    ///
    /// - Parameter number: of the step, from 0.
    /// - Returns: the mean loss of the batch.
    func step(
        _ model: Model, _ batch: [Int], number: Int, _ arguments: TrainingArguments,
        into gradient: inout Model
    ) -> Double

    /// Weighs the model on the development rows.
    func evaluate(_ model: Model, _ arguments: TrainingArguments) -> (headline: Double, loss: Double)

    /// The temperature whose probabilities fit the development rows best; 1 where there are none.
    func temperature(of model: Model, _ arguments: TrainingArguments) -> Double
}

/// The loop: batches in, better weights out. Everything random comes from the seed; nothing depends
/// on time or on the number of threads.
struct Trainer<Rows: TrainingRows> {
    let arguments: TrainingArguments
    let rows: Rows

    /// The weights of the best evaluation, and how it went.
    struct Outcome {
        var model: Rows.Model
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
        _ start: consuming Rows.Model, saved: SavedState? = nil,
        progress report: (TrainingProgress) -> Void, isCancelled: () -> Bool
    ) throws -> Outcome {
        let sampler = BatchSampler(
            lengths: rows.lengths, rowLimit: arguments.batchSize,
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
                let batch = batches[state.cursor.batch]
                let rate = schedule.learningRate(at: state.cursor.progress.step)
                gradient.visit { _, matrix in matrix.setZero() }
                let loss = rows.step(
                    state.model, batch, number: state.cursor.progress.step, arguments, into: &gradient)
                guard loss.isFinite else {
                    throw TrainingError.diverged(step: state.cursor.progress.step + 1)
                }
                state.optimizer.update(
                    &state.model, gradient: gradient, learningRate: rate, headLearningRate: rate * headRatio)
                state.cursor.advance(
                    of: batches.count, loss: loss, learningRate: rate,
                    tokens: batch.reduce(0) { $0 + sampler.lengths[$1] })
                let index = state.cursor.batch
                let isDue = index % evaluateEvery == 0 || index == batches.count
                if isDue, rows.hasDevelopment { evaluate(&state) }
                report(state.cursor.progress)
                state.cursor.progress.phase = .training
            }
            state.cursor.epoch += 1
            state.cursor.batch = 0
        }
        return outcome(of: state, report)
    }

    /// Weighs the model on the development rows and keeps it where it is the best so far.
    private func evaluate(_ state: inout TrainingState<Rows.Model>) {
        let (headline, loss) = rows.evaluate(state.model, arguments)
        state.cursor.progress.phase = .evaluating
        state.cursor.progress.developmentAccuracy = headline
        state.cursor.progress.developmentLoss = loss
        // The next step writes to weights of its own and leaves these alone.
        if state.cursor.stopping.isBest(accuracy: headline, loss: loss, step: state.cursor.progress.step) {
            state.kept = state.model
        }
    }

    private func outcome(
        of state: TrainingState<Rows.Model>, _ report: (TrainingProgress) -> Void
    ) -> Outcome {
        var progress = state.cursor.progress
        // Without development rows there is nothing to choose by: the last weights are the result.
        var best = state.kept ?? state.model
        let temperature = rows.temperature(of: best, arguments)
        best.temperature = Float(temperature)
        progress.phase = .finished
        report(progress)
        return Outcome(
            model: best, steps: progress.step, epochs: progress.epoch, tokens: progress.tokens,
            best: state.cursor.stopping.best ?? .init(accuracy: 0, loss: 0, step: progress.step),
            temperature: temperature)
    }
}

extension Pass {
    /// A pass of training.
    init(
        _ batch: TokenBatch, _ configuration: ModelConfiguration, _ arguments: TrainingArguments, number: Int
    ) {
        self.init(
            batch, dropout: arguments.dropout ?? configuration.hiddenDropout,
            attentionDropout: arguments.dropout ?? configuration.attentionDropout, seed: arguments.seed,
            step: number + 1, precision: arguments.precision.resolved, frozenBlocks: arguments.frozenLayers)
    }
}

extension TrainingCursor {
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
