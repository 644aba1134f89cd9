public import Corpus
import Foundation
import Tensors
import Tokenizers
public import Transformers

/// Fine-tunes a checkpoint for any task and writes the best weights as a new one.
///
/// A function of its inputs, as the training of classes is.
///
/// - Parameters:
///   - development: chooses the best step; may be empty.
///   - output: the folder to write.
///   - state: a folder for what it takes to go on after a kill; `nil` to keep nothing.
///   - stateInterval: how much work a kill may cost at most.
///   - progress: is called after each step; its accuracy is the task's headline metric.
/// - Returns: with the headline metric as its accuracy.
/// - Throws: `CheckpointError` for what is wrong with folders, `TaskError` for rows that are none of the
///   task, `TrainingError` for the rest.
@discardableResult
public func fineTune<Work: ModelTask>(
    _ task: Work, from checkpoint: Checkpoint, training: [Example], development: [Example],
    arguments: TrainingArguments, output: String, state: String? = nil,
    stateInterval: Duration = .seconds(60), progress: (TrainingProgress) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
) throws -> FineTuningResult {
    try arguments.validate()
    guard arguments.adjustment == nil else {
        throw TrainingError.badArgument("adjustment", range: "of a model that tells classes apart")
    }
    let layers = checkpoint.configuration.layers
    var arguments = arguments
    if arguments.headOnly { arguments.frozenLayers = layers }
    guard arguments.frozenLayers <= layers else {
        throw TrainingError.badArgument("frozen_layers", range: "from 0 to \(layers), the model's layers")
    }
    var rows = TaskRows(
        task: task, training: try training.flatMap(task.rows), development: development,
        developmentRows: try development.map(task.rows))
    guard !rows.training.isEmpty else { throw TrainingError.noRows }
    var model = try task.model(from: checkpoint, seed: arguments.seed)
    if let lora = arguments.lora {
        guard model.adapt(lora, skippedBlocks: arguments.frozenLayers, seed: arguments.seed) > 0 else {
            throw TrainingError.badArgument("lora", range: "of target modules that the model has")
        }
    }
    let words = rows.narrowWords(of: &model)
    let saved = try state.map {
        SavedState(
            folder: $0, interval: stateInterval,
            fingerprint: try fingerprint(
                of: checkpoint, what: [task.kind.rawValue] + model.configuration.labels.names,
                rows: [training, development], arguments: arguments))
    }
    var outcome = try Trainer(arguments: arguments, rows: rows).train(
        model, saved: saved, progress: progress, isCancelled: isCancelled)
    words?.restore(&outcome.model)
    try checkpoint.write(outcome.model, to: output)
    saved?.remove()
    return try outcome.result(writtenTo: output)
}

/// The whole table of words while a narrow one learns.
private struct NarrowedWords {
    let vocabulary: WorkingVocabulary
    let all: Matrix

    func restore(_ model: inout some Network) {
        guard let narrow = model.narrowableWords else { return }
        var words = all
        vocabulary.restore(narrow, into: &words)
        model.narrowableWords = words
    }
}

extension TaskRows {
    /// Leaves the model the words that the rows use, where its outputs do not need them all.
    fileprivate mutating func narrowWords(of model: inout Work.Model) -> NarrowedWords? {
        guard let all = model.narrowableWords else { return nil }
        let encodings = training.map(\.encoding) + developmentRows.flatMap { $0.map(\.encoding) }
        let words = WorkingVocabulary(encodings, vocabularySize: all.rows)
        for row in training.indices { training[row].encoding = words.narrowed(training[row].encoding) }
        for example in developmentRows.indices {
            for row in developmentRows[example].indices {
                developmentRows[example][row].encoding = words.narrowed(
                    developmentRows[example][row].encoding)
            }
        }
        model.narrowableWords = words.narrowed(all)
        return NarrowedWords(vocabulary: words, all: all)
    }
}

/// Lets a model answer examples whose answers are known.
///
/// - Returns: what it said to each, and the headline metric of all.
/// - Throws: `TaskError`.
public func evaluate<Work: ModelTask>(
    _ task: Work, _ model: Work.Model, on examples: [Example], precision: TrainingPrecision = .auto
) throws -> (scored: [ScoredAnswer<Work.Answer>], headline: Double) {
    let rows = try examples.map(task.rows)
    let answers = task.answers(model, examples, rows, precision: precision.resolved)
    let scored = zip(answers, examples).map { found, example in
        ScoredAnswer(
            answer: found.answer, boundedLoss: task.boundedLoss(found.answer, example),
            lossInNats: found.lossInNats)
    }
    return (scored, task.headline(answers.map(\.answer), examples))
}
