public import Corpus
import Foundation
import Transformers

/// Searches arguments for a base and rows within a time, and writes each trial down as it ends: a search that is
/// killed goes on with the next trial when it is begun again.
///
/// The development rows choose. Since the best of many is chosen by them, they flatter it: what it is worth is
/// to be measured on rows that neither learned nor chose.
public struct TuningSearch: Sendable {
    public var base: String
    public var task: TaskKind
    public var training: [Example]
    public var development: [Example]
    /// So many of the training rows, the last, are replayed: candidates take a share of them.
    public var replayed = 0
    /// The outputs; `nil` for those that the rows name.
    public var labels: LabelSet?
    /// Whether the base knows the task already.
    public var continues = false
    public var space: TuningSpace
    public var halving = SuccessiveHalving()
    /// Of all trials together, in seconds of the clock.
    public var budget: Double
    /// What time is counted by: that of the wall unless another one is set, such as the processor's.
    public var clock: @Sendable () -> Double
    /// The most candidates that are taken in.
    public var candidates: Int
    public var seed: UInt64
    /// Where trials are written down: `trials.jsonl`.
    public var folder: String

    /// - Parameter start: what the search begins with.
    /// - Throws: `CheckpointError`, `TrainingError`.
    public init(
        base: String, for task: TaskKind, training: [Example], development: [Example],
        start: TrainingArguments, budget: Double, candidates: Int, seed: UInt64, folder: String
    ) throws {
        try start.validate()
        guard !training.isEmpty, !development.isEmpty else { throw TrainingError.noRows }
        let configuration = try Checkpoint(base).configuration
        self.base = base
        self.task = task
        self.training = training
        self.development = development
        space = TuningSpace(
            start: start, layers: configuration.layers, triesAdapters: task != .textGeneration)
        self.budget = budget
        self.candidates = candidates
        self.seed = seed
        self.folder = folder
        let begun = ContinuousClock.now
        clock = { (ContinuousClock.now - begun) / .seconds(1) }
    }
}

/// What a search found.
public struct TuningResult: Codable, Sendable, Equatable {
    /// In the order in which they were made.
    public var trials: [SuccessiveHalving.Trial]
    /// The best of the highest rung; `nil` where no trial ended.
    public var best: SuccessiveHalving.Trial?
    /// The start on that rung.
    public var start: SuccessiveHalving.Trial?
}
