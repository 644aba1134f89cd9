public import Corpus
import Tokenizers
import Transformers

/// Fine-tunes a model folder for a task; what the task's outputs are, the rows tell.
///
/// - Parameters: as of the training of classes and of any `ModelTask`.
///   - continues: whether the folder knows the task already: its outputs, labels or the range of scores, stay.
/// - Returns: with the task's headline metric as the accuracy.
/// - Throws: `CheckpointError`, `TaskError`, and `TrainingError`, also where the rows leave nothing to tell
///   apart.
@discardableResult
public func fineTune(
    base: String, for kind: TaskKind, continues: Bool = false, training: [Example], development: [Example],
    arguments: TrainingArguments, output: String, state: String? = nil,
    progress: (TrainingProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
) throws -> FineTuningResult {
    var checkpoint = try Checkpoint(base)
    try checkpoint.read(by: arguments, for: kind)
    let reading = checkpoint.reading(maximumLength: arguments.maximumLength)
    let (tokenizer, rows) = (checkpoint.tokenizer, training + development)
    let length = min(arguments.maximumLength, checkpoint.maximumLength)
    func learn(_ task: some ModelTask) throws -> FineTuningResult {
        try fineTune(
            task, from: checkpoint, training: training, development: development, arguments: arguments,
            output: output, state: state, progress: progress, isCancelled: isCancelled)
    }
    func known(_ labels: LabelSet, _ least: Int) throws -> LabelSet {
        let labels = continues ? checkpoint.configuration.labels : labels
        guard labels.count >= least else { throw TrainingError.tooFewLabels(labels.count) }
        return labels
    }
    guard !training.isEmpty else { throw TrainingError.noRows }
    switch kind {
    case .textClassification:
        let labels = LabelSet(names: Set(rows.compactMap(\.label)).sorted())
        return try learn(TextClassification(labels: known(labels, 2), reading))
    case .multiLabelClassification:
        let labels = try known(MultiLabelClassification.labels(of: rows), 1)
        return try learn(MultiLabelClassification(labels: labels, reading))
    case .scoring:
        let taught = continues ? checkpoint.configuration.scoreRange : nil
        guard let range = taught ?? Scoring.range(of: rows) else { throw TrainingError.oneScore }
        return try learn(Scoring(range: range, reading))
    case .tokenClassification:
        let labels = try known(TokenClassification.labels(of: rows), 2)
        return try learn(TokenClassification(labels: labels, tokenizer: tokenizer, maximumLength: length))
    case .questionAnswering:
        return try learn(QuestionAnswering(tokenizer: tokenizer, maximumLength: length))
    case .textGeneration:
        return try learn(
            CausalLanguageModeling(
                tokenizer: tokenizer, maximumLength: length,
                endTokenID: checkpoint.configuration.endTokenID))
    }
}

/// What the figure is called that a model of a task is known by.
public func headlineName(of task: TaskKind) -> String { task.headline.name }
