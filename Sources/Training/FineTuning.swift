public import Corpus
import Foundation
import Tensors
import Tokenizers
import Transformers

/// Fine-tunes a checkpoint on labelled rows and writes the best weights as a new one.
///
/// A function of its inputs: the same rows in the same order, arguments and seed give the same bytes,
/// whatever the number of threads, and whether or not it was killed on the way and called again.
///
/// - Parameters:
///   - base: a model folder; with another label set than `labels` it gets a new head.
///   - development: chooses the best step and fits the temperature; may be empty.
///   - output: the folder to write.
///   - adapter: a folder to write what `arguments.lora` learned to, for `peft`; `nil` for none.
///   - features: where a frozen encoder's vectors are kept, if `arguments.frozenLayers` are all there are.
///   - state: a folder for what it takes to go on after a kill; `nil` to keep nothing. A state that is
///     there and of the same inputs is continued.
///   - stateInterval: how much work a kill may cost at most.
///   - progress: is called after each step.
/// - Throws: `CheckpointError` for what is wrong with folders, `TrainingError` for the rest.
@discardableResult
public func fineTune(
    base: String, labels: LabelSet, training: [Example], development: [Example], arguments: TrainingArguments,
    output: String, adapter: String? = nil, features: FeatureCache? = nil, state: String? = nil,
    stateInterval: Duration = .seconds(60),
    progress: (TrainingProgress) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
) throws -> FineTuningResult {
    try arguments.validate()
    guard !training.isEmpty else { throw TrainingError.noRows }
    guard labels.count >= 2 else { throw TrainingError.tooFewLabels(labels.count) }
    var checkpoint = try Checkpoint(base)
    try checkpoint.read(by: arguments, for: .textClassification)
    if let adjustment = arguments.adjustment {
        return try adjust(
            checkpoint, adjustment, labels: labels, training: training, development: development,
            arguments: arguments, output: output)
    }
    let layers = checkpoint.configuration.layers
    var arguments = arguments
    if arguments.headOnly { arguments.frozenLayers = layers }
    guard arguments.frozenLayers <= layers else {
        throw TrainingError.badArgument("frozen_layers", range: "from 0 to \(layers), the model's layers")
    }
    let reading = checkpoint.reading(maximumLength: arguments.maximumLength)
    func tokenized(_ examples: [Example]) throws -> ClassificationRows.Side {
        try examples.reduce(into: ClassificationRows.Side()) { side, row in
            side.append(
                reading.encodings(of: row.text, pair: row.pair), label: try index(of: row, in: labels))
        }
    }
    var (learned, chosenBy) = (try tokenized(training), try tokenized(development))
    var model = try checkpoint.model(for: labels, seed: arguments.seed)
    // A new head has said nothing yet that were worth holding on to.
    if let distillation = arguments.distillation, checkpoint.configuration.labels == labels {
        learned.earlier = distillation.targets(of: model, tokenizer: reading.tokenizer, learned, arguments)
    }
    let words = WorkingVocabulary(
        learned.encodings + chosenBy.encodings, vocabularySize: checkpoint.configuration.vocabularySize)
    learned.encodings = learned.encodings.map(words.narrowed)
    chosenBy.encodings = chosenBy.encodings.map(words.narrowed)
    if let lora = arguments.lora {
        let adapted = model.adapt(lora, skippedBlocks: arguments.frozenLayers, seed: arguments.seed)
        guard adapted > 0 else {
            throw TrainingError.badArgument(
                "lora",
                range: "of target modules that the model has, such as query, key, value, dense or all-linear")
        }
    }
    var allWords = model.encoder.embedding.word
    model.encoder.embedding.word = words.narrowed(allWords)
    if arguments.frozenLayers == layers, arguments.lora == nil {
        let frozen = try FrozenEncoder(model, checkpoint, arguments, reading, features)
        learned.features = try frozen.features(of: training, learned)
        chosenBy.features = try frozen.features(of: development, chosenBy)
    }
    let trainer = Trainer(
        arguments: arguments,
        rows: ClassificationRows(reading: reading, training: learned, development: chosenBy))
    let saved = try state.map {
        SavedState(
            folder: $0, interval: stateInterval,
            fingerprint: try fingerprint(
                of: checkpoint, what: labels.names, rows: [training, development], arguments: arguments))
    }
    var outcome = try trainer.train(model, saved: saved, progress: progress, isCancelled: isCancelled)
    words.restore(outcome.model.encoder.embedding.word, into: &allWords)
    outcome.model.encoder.embedding.word = allWords
    try checkpoint.write(outcome.model, to: output)
    if let adapter, let lora = arguments.lora {
        try checkpoint.writeAdapter(of: outcome.model, lora, to: adapter)
    }
    saved?.remove()
    return try outcome.result(writtenTo: output)
}

extension Trainer.Outcome {
    func result(writtenTo folder: String) throws -> FineTuningResult {
        FineTuningResult(
            steps: steps, epochs: epochs, bestStep: best.step, developmentAccuracy: best.accuracy,
            developmentLoss: best.loss, temperature: temperature, tokens: tokens,
            weightsSHA256: try ContentHash.ofFile(folder + "/model.safetensors").hex)
    }
}

/// Of everything that a training's result depends on, the machine's kernels included.
func fingerprint(
    of base: Checkpoint, what: [String], rows: [[Example]], arguments: TrainingArguments
) throws -> ContentHash {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var text = try base.weightFiles.map { try ContentHash.ofFile($0).hex }.joined()
    text += String(decoding: try encoder.encode(arguments), as: UTF8.self)
    text += String(decoding: try encoder.encode(what), as: UTF8.self)
    text += " \(arguments.precision.resolved) \(kernelName)"
    for side in rows {
        text += "\n"
        for row in side { text += ContentHash(of: row).hex }
    }
    return ContentHash(ofBytes: Data(text.utf8))
}
