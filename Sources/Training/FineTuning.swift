public import Corpus
import Tensors
import Tokenizers
import Transformers

/// Fine-tunes a checkpoint on labelled rows and writes the best weights as a new one.
///
/// A function of its inputs: the same rows in the same order, arguments and seed give the same bytes,
/// whatever the number of threads.
///
/// - Parameters:
///   - base: a model folder; with another label set than `labels` it gets a new head.
///   - development: chooses the best step and fits the temperature; may be empty.
///   - output: the folder to write.
///   - progress: is called after each step.
/// - Throws: `CheckpointError` for what is wrong with folders, `TrainingError` for the rest.
@discardableResult
public func fineTune(
    base: String, labels: LabelSet, training: [Example], development: [Example], arguments: TrainingArguments,
    output: String, progress: (TrainingProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
) throws -> FineTuningResult {
    try arguments.validate()
    guard !training.isEmpty else { throw TrainingError.noRows }
    guard labels.count >= 2 else { throw TrainingError.tooFewLabels(labels.count) }
    let checkpoint = try Checkpoint(base)
    let maximumLength = min(arguments.maximumLength, checkpoint.maximumLength)
    func tokenized(_ examples: [Example]) throws -> Trainer.TokenizedRows {
        Trainer.TokenizedRows(
            encodings: examples.map {
                checkpoint.tokenizer.encode($0.text, pair: $0.pair, maximumLength: maximumLength)
            }, labels: try examples.map { try index(of: $0, in: labels) })
    }
    var (learned, chosenBy) = (try tokenized(training), try tokenized(development))
    let words = WorkingVocabulary(
        learned.encodings + chosenBy.encodings, vocabularySize: checkpoint.configuration.vocabularySize)
    learned.encodings = learned.encodings.map(words.narrowed)
    chosenBy.encodings = chosenBy.encodings.map(words.narrowed)
    let trainer = Trainer(
        arguments: arguments, tokenizer: checkpoint.tokenizer, training: learned, development: chosenBy)

    var model = try checkpoint.model(for: labels, seed: arguments.seed)
    var allWords = model.encoder.embedding.word
    model.encoder.embedding.word = words.narrowed(allWords)
    var outcome = try trainer.train(model, progress: progress, isCancelled: isCancelled)
    words.restore(outcome.model.encoder.embedding.word, into: &allWords)
    outcome.model.encoder.embedding.word = allWords
    try checkpoint.write(outcome.model, to: output)
    return FineTuningResult(
        steps: outcome.steps, epochs: outcome.epochs, bestStep: outcome.best.step,
        developmentAccuracy: outcome.best.accuracy, developmentLoss: outcome.best.loss,
        temperature: outcome.temperature, tokens: outcome.tokens,
        weightsSHA256: try ContentHash.ofFile(output + "/model.safetensors").hex)
}
