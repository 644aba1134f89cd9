import Corpus
import Foundation
import Tensors
import Tokenizers
import Transformers

/// Lets a model learn the language of raw text: an encoder what stands behind masks, a decoder what comes next.
///
/// A function of its inputs and the number of steps, whatever the number of threads, and whether or not it was
/// killed on the way and called again. Where `plan.steps` is `nil`, some steps are timed first and the plan is
/// written with the number that fits the minutes: a run that goes on keeps it.
///
/// - Parameters:
///   - output: the folder to write.
///   - state: a folder for what it takes to go on after a kill, removed at the end; `nil` to keep nothing.
///   - stateInterval: how much work a kill may cost at most.
///   - progress: is called before the first step and after each; `developmentLoss` is that on held-out text.
/// - Throws: `CheckpointError` for what is wrong with folders, `PretrainingError` for what is wrong with text,
///   `TrainingError` for the rest.
@discardableResult
public func pretrain(
    _ plan: PretrainingPlan, output: String, state: String? = nil, stateInterval: Duration = .seconds(60),
    progress: (TrainingProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
) throws -> PretrainingResult {
    try plan.validate()
    let checkpoint = try Checkpoint(plan.base)
    let run = try PretrainingRun(
        plan: plan, checkpoint: checkpoint, output: output, state: state, stateInterval: stateInterval)
    if checkpoint.configuration.family.isDecoder {
        return try run.train(
            checkpoint.languageModel(), .causal, progress: progress, isCancelled: isCancelled)
    }
    guard var masking = Masking(checkpoint.tokenizer) else {
        throw PretrainingError.noMask(folder: plan.base)
    }
    masking.share = plan.maskedShare
    masking.wholeWords = plan.wholeWords
    return try run.train(
        checkpoint.maskedLanguageModel(seed: plan.arguments.seed), .masked(masking), progress: progress,
        isCancelled: isCancelled)
}

/// One call of `pretrain`, whatever the model.
private struct PretrainingRun {
    var plan: PretrainingPlan
    let checkpoint: Checkpoint
    let output: String
    let state: String?
    let stateInterval: Duration
    let text: RawText
    let packing: SequencePacking

    /// Held-out text in tokens: the perplexity of some thousand masked tokens is known to a few percent.
    static let heldOutTokens = 32_768

    init(
        plan: PretrainingPlan, checkpoint: Checkpoint, output: String, state: String?, stateInterval: Duration
    ) throws {
        self.plan = plan
        self.checkpoint = checkpoint
        self.output = output
        self.state = state
        self.stateInterval = stateInterval
        var files: [TextFile] = []
        for path in plan.texts { files.append(try TextFile(path)) }
        text = try RawText(files, heldOutShare: plan.heldOutShare, seed: plan.arguments.seed)
        let length = plan.arguments.maximumLength
        guard length <= checkpoint.maximumLength else {
            throw TrainingError.badArgument(
                "max_length", range: "at most \(checkpoint.maximumLength), the positions of \(plan.base)")
        }
        let configuration = checkpoint.configuration
        packing = SequencePacking(
            checkpoint.tokenizer, length: length, isDecoder: configuration.family.isDecoder,
            endTokenID: configuration.endTokenID)
    }

    func train<Model: Network>(
        _ model: consuming Model, _ objective: LanguageObjective, progress: (TrainingProgress) -> Void,
        isCancelled: () -> Bool
    ) throws -> PretrainingResult {
        var run = self
        let heldOut = try lessons(objective)
        func trainer(_ steps: Int) -> Pretrainer {
            Pretrainer(
                arguments: plan.arguments, objective: objective, text: text, packing: packing,
                heldOut: heldOut, totalSteps: steps)
        }
        let steps = try plan.steps ?? trainer(1).steps(of: model, within: .seconds(60 * plan.minutes))
        run.plan.steps = steps
        if let state { try run.plan.write(to: state) }
        let saved = try state.map {
            SavedState(folder: $0, interval: stateInterval, fingerprint: try run.fingerprint())
        }
        let outcome = try trainer(steps).train(
            model, saved: saved, progress: progress, isCancelled: isCancelled)
        try checkpoint.write(outcome.model, to: output)
        saved?.remove()
        let best = outcome.curve.best ?? LearningCurve.Point(step: 0, tokens: 0, heldOutLoss: .nan)
        return PretrainingResult(
            steps: outcome.steps, passes: outcome.passes, tokens: outcome.tokens,
            heldOutTokens: heldOut.reduce(0) { $0 + $1.questions }, bestStep: best.step,
            heldOutLoss: best.heldOutLoss, perplexity: best.perplexity, curve: outcome.curve,
            weightsSHA256: try ContentHash.ofFile(output + "/model.safetensors").hex)
    }

    /// Held-out text in batches, its masks the same at every evaluation.
    private func lessons(_ objective: LanguageObjective) throws -> [Lesson] {
        let sequences = try text.heldOut(packing, tokens: Self.heldOutTokens)
        return stride(from: 0, to: sequences.count, by: plan.arguments.batchSize).map { start in
            var random = Philox(
                seed: plan.arguments.seed, stream: PretrainingStream.heldOutMasks.number(start))
            let end = min(start + plan.arguments.batchSize, sequences.count)
            return objective.lesson(Array(sequences[start..<end]), using: &random)
        }
    }

    /// Of everything that the result depends on, the machine's kernels included.
    private func fingerprint() throws -> ContentHash {
        var parts = [String(decoding: try plan.encoded(), as: UTF8.self)]
        parts += try checkpoint.weightFiles.map { try ContentHash.ofFile($0).hex }
        for file in text.files { parts.append(try file.identity()) }
        parts.append("\(plan.arguments.precision.resolved) \(kernelName)")
        return ContentHash(ofBytes: Data(parts.joined(separator: "\n").utf8))
    }
}

extension Pretrainer {
    /// How many steps fit a time on this machine as it is now, evaluations included: some steps are taken with
    /// a model that is thrown away.
    fileprivate func steps(of model: some Network, within time: Duration) throws -> Int {
        let clock = ContinuousClock()
        let begun = clock.now
        let evaluation = clock.measure { _ = heldOutLoss(model) }
        var trial = TrainingState(model, arguments)
        var gradient = trial.optimizer.zeroGradient(of: trial.model)
        var feed = TextFeed(text, packing, seed: arguments.seed, from: TextCursor())
        var taken: [Duration] = []
        while taken.count < 5 || clock.now - begun < time / 40 {
            let (sequences, number) = (try feed.next(arguments.batchSize), taken.count)
            let duration = clock.measure {
                gradient.visit { _, matrix in matrix.setZero() }
                _ = step(trial.model, sequences, number: number, into: &gradient)
                trial.optimizer.update(
                    &trial.model, gradient: gradient, learningRate: 0, headLearningRate: 0)
            }
            taken.append(duration)
        }
        // The first steps warm caches up.
        let warm = taken.dropFirst(2)
        let mean = warm.reduce(.zero, +) / warm.count
        let left = time - (clock.now - begun) - evaluation * (Self.evaluations + 1)
        // A twentieth is for reading text and writing states.
        return max(1, Int(0.95 * (left / mean)))
    }
}
