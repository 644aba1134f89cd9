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
    public var space: TuningSpace
    public var halving = SuccessiveHalving()
    /// Of all trials together, in seconds.
    public var budget: Double
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

extension TuningSearch {
    /// How far a search is.
    public enum Event: Sendable {
        /// A trial without its figures.
        case begins(SuccessiveHalving.Trial)
        case learns(TrainingProgress)
        case ended(SuccessiveHalving.Trial)
    }

    /// Makes trials until the time is spent or there is nothing left to find out.
    ///
    /// - Throws: `TrainingError`, `CheckpointError`, `TaskError`, or what the system says where trials cannot be
    ///   written down.
    public func run(_ report: (Event) -> Void = { _ in }) throws -> TuningResult {
        let journal = try TuningJournal(
            folder: folder,
            fingerprint: try fingerprint(
                of: Checkpoint(base), what: [task.rawValue, "\(seed)"], rows: [training, development],
                arguments: space.start))
        var trials = journal.trials
        // By their hashes: a rung's rows are among those of the next, and none of them a file's beginning.
        let rows = training.map { (ContentHash(of: $0).hex, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
        while case .tries(let number, let rung) = halving.next(
            after: trials, budget: budget, candidates: candidates)
        {
            let count = halving.rows(of: rung, of: rows.count)
            let begun = ContinuousClock.now
            var trial = SuccessiveHalving.Trial(
                number: number, rung: rung, rows: count,
                arguments: space.candidate(number, seed: seed), seconds: 0)
            report(.begins(trial))
            let left = Duration.seconds(budget - trials.reduce(0) { $0 + $1.seconds })
            do {
                let found = try train(trial.arguments, Array(rows.prefix(count))) {
                    report(.learns($0))
                } isCancelled: {
                    // The first trial ends whatever it takes: without any nothing is known.
                    !trials.isEmpty && ContinuousClock.now - begun > left
                }
                trial.headline = found.developmentAccuracy
                trial.loss = found.developmentLoss.isFinite ? found.developmentLoss : nil
            } catch TrainingError.diverged, TrainingError.cancelled {
                // It has no figures, which says enough.
            }
            trial.seconds = (ContinuousClock.now - begun) / .seconds(1)
            try journal.append(trial)
            trials.append(trial)
            report(.ended(trial))
        }
        let best = halving.best(of: trials)
        return TuningResult(
            trials: trials, best: best,
            start: trials.first { $0.number == 0 && $0.rung == best?.rung })
    }

    private func train(
        _ arguments: TrainingArguments, _ rows: [Example], progress: (TrainingProgress) -> Void,
        isCancelled: () -> Bool
    ) throws -> FineTuningResult {
        let output = folder + "/trial"
        defer { try? FileManager.default.removeItem(atPath: output) }
        guard task == .textClassification else {
            return try fineTune(
                base: base, for: task, training: rows, development: development, arguments: arguments,
                output: output, progress: progress, isCancelled: isCancelled)
        }
        // Of all rows: a rare label may be missing among the first.
        let labels = LabelSet(names: Set((training + development).compactMap(\.label)).sorted())
        return try fineTune(
            base: base, labels: labels, training: rows, development: development, arguments: arguments,
            output: output, progress: progress, isCancelled: isCancelled)
    }
}
