import Tensors
import Tokenizers
import Transformers

/// The loop over text: sequences in, better weights out, weighed on held-out text on the way. A function of
/// its inputs and the number of steps; nothing depends on time or on the number of threads.
struct Pretrainer {
    let arguments: TrainingArguments
    let objective: LanguageObjective
    let text: RawText
    let packing: SequencePacking
    /// Held-out text, masked once and for all, in batches.
    let heldOut: [Lesson]
    let totalSteps: Int

    /// How often a run is weighed on held-out text.
    static let evaluations = 20

    struct Outcome<Model: Network> {
        var model: Model
        var steps: Int
        var passes: Double
        var tokens: Int
        var curve: LearningCurve
    }

    /// - Parameters:
    ///   - start: is given away, so that its weights are moved where they lie.
    ///   - saved: where the state is kept, and an earlier one is looked for.
    /// - Throws: `PretrainingError`, `TrainingError`.
    func train<Model: Network>(
        _ start: consuming Model, saved: SavedState?, progress report: (TrainingProgress) -> Void,
        isCancelled: () -> Bool
    ) throws -> Outcome<Model> {
        let schedule = LearningRateSchedule(
            peak: arguments.learningRate, warmupSteps: Int(Float(totalSteps) * arguments.warmupRatio),
            totalSteps: totalSteps)
        let earlier = saved?.load(like: start, arguments)
        var state = if let earlier { earlier } else { TrainingState(start, arguments) }
        var gradient = state.optimizer.zeroGradient(of: state.model)
        var place = state.cursor.text ?? TextPlace()
        var feed = TextFeed(text, packing, seed: arguments.seed, from: place.cursor)
        state.cursor.progress.totalSteps = totalSteps
        if place.curve.points.isEmpty { evaluate(&state, &place.curve) }
        report(state.cursor.progress)
        state.cursor.progress.phase = .training
        let evaluateEvery = max(1, (totalSteps + Self.evaluations - 1) / Self.evaluations)
        var savedAt = ContinuousClock.now

        while state.cursor.progress.step < totalSteps {
            state.cursor.text = place
            if isCancelled() {
                // Losing the state is no reason to hide why the training ended.
                try? saved?.save(state)
                throw TrainingError.cancelled
            }
            if let saved, ContinuousClock.now - savedAt >= saved.interval {
                try? saved.save(state)
                savedAt = .now
            }
            let step = state.cursor.progress.step
            let sequences = try feed.next(arguments.batchSize)
            let rate = schedule.learningRate(at: step)
            gradient.visit { _, matrix in matrix.setZero() }
            let loss = self.step(state.model, sequences, number: step, into: &gradient)
            guard loss.isFinite else { throw TrainingError.diverged(step: step + 1) }
            state.optimizer.update(
                &state.model, gradient: gradient, learningRate: rate, headLearningRate: rate)
            place.cursor = feed.cursor
            state.cursor.count(
                loss: loss, learningRate: rate, tokens: sequences.reduce(0) { $0 + $1.ids.count },
                passes: feed.passes)
            if (step + 1) % evaluateEvery == 0 || step + 1 == totalSteps { evaluate(&state, &place.curve) }
            report(state.cursor.progress)
            state.cursor.progress.phase = .training
        }
        var progress = state.cursor.progress
        progress.phase = .finished
        report(progress)
        return Outcome(
            model: state.kept ?? state.model, steps: progress.step, passes: progress.epoch,
            tokens: progress.tokens, curve: place.curve)
    }

    /// One forward and backward pass.
    ///
    /// - Returns: the mean loss of what was asked for.
    func step<Model: Network>(
        _ model: Model, _ sequences: [Encoding], number: Int, into gradient: inout Model
    ) -> Double {
        var random = Philox(seed: arguments.seed, stream: PretrainingStream.masks.number(number))
        let lesson = objective.lesson(sequences, using: &random)
        var pass = Pass(lesson.batch, model.configuration, arguments, number: number)
        pass.asked = lesson.asked
        let (logits, cache) = model.forward(pass)
        let (loss, dlogits, _) = NextTokenCrossEntropy.lossAndGradient(logits, next: lesson.truths)
        model.backward(dlogits, cache, pass, into: &gradient)
        return loss
    }

    /// The mean loss on held-out text, in nats a token that is asked for.
    func heldOutLoss(_ model: some Network) -> Double {
        let nats = heldOut.reduce(0) { $0 + $1.loss(model, precision: arguments.precision.resolved) }
        return nats / Double(max(1, heldOut.reduce(0) { $0 + $1.questions }))
    }

    /// Weighs the model on held-out text and keeps it where it is the best so far.
    private func evaluate<Model: Network>(_ state: inout TrainingState<Model>, _ curve: inout LearningCurve) {
        let loss = heldOutLoss(state.model)
        let progress = state.cursor.progress
        curve.points.append(
            LearningCurve.Point(step: progress.step, tokens: progress.tokens, heldOutLoss: loss))
        state.cursor.progress.phase = .evaluating
        state.cursor.progress.developmentLoss = loss
        // The next step writes to weights of its own and leaves these alone.
        if state.cursor.stopping.isBest(accuracy: 0, loss: loss, step: progress.step) {
            state.kept = state.model
        }
    }
}

extension TrainingCursor {
    /// Counts a step over text.
    fileprivate mutating func count(loss: Double, learningRate: Float, tokens: Int, passes: Double) {
        recent.add(loss)
        progress.step += 1
        progress.epoch = passes
        progress.loss = recent.mean
        progress.learningRate = Double(learningRate)
        progress.tokens += tokens
    }
}
