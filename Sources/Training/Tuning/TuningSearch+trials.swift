import Corpus
import Foundation
import Transformers

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
    /// - Throws: `TrainingError`, also `cancelled`; `CheckpointError`, `TaskError`, or what the system says where
    ///   trials cannot be written down.
    public func run(
        _ report: (Event) -> Void = { _ in }, isCancelled: () -> Bool = { false }
    ) throws -> TuningResult {
        let journal = try TuningJournal(folder: folder, fingerprint: try fingerprint)
        var trials = journal.trials
        let (new, old) = (inOrder(training.dropLast(replayed)), inOrder(training.suffix(replayed)))
        while case .tries(let number, let rung) = halving.next(
            after: trials, budget: budget, candidates: candidates)
        {
            let share = replayed == 0 ? nil : space.replayShare(number, seed: seed)
            let repeated = old.prefix(
                replayedCount(of: halving.rows(of: rung, of: old.count), share: share ?? 1))
            let rows = Array(new.prefix(halving.rows(of: rung, of: new.count)) + repeated)
            let begun = clock()
            var trial = SuccessiveHalving.Trial(
                number: number, rung: rung, rows: rows.count,
                arguments: space.candidate(number, seed: seed), replayShare: share, seconds: 0)
            report(.begins(trial))
            let left = budget - trials.reduce(0) { $0 + $1.seconds }
            do {
                let arguments =
                    share == nil ? trial.arguments : trial.arguments.replaying(repeated.count)
                let found = try train(arguments, rows) {
                    report(.learns($0))
                } isCancelled: {
                    // The first trial ends whatever it takes: without any nothing is known.
                    isCancelled() || !trials.isEmpty && clock() - begun > left
                }
                trial.headline = found.developmentAccuracy
                trial.loss = found.developmentLoss.isFinite ? found.developmentLoss : nil
            } catch TrainingError.diverged, TrainingError.cancelled {
                // It has no figures, which says enough, unless it is the whole search that ends.
                guard !isCancelled() else { throw TrainingError.cancelled }
            }
            trial.seconds = clock() - begun
            try journal.append(trial)
            trials.append(trial)
            report(.ended(trial))
        }
        let best = halving.best(of: trials)
        return TuningResult(
            trials: trials, best: best,
            start: trials.first { $0.number == 0 && $0.rung == best?.rung })
    }

    private var fingerprint: ContentHash {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let known = try space.known.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
            return try Training.fingerprint(
                of: Checkpoint(base), what: [task.rawValue, "\(seed)", "\(replayed)"] + known,
                rows: [training, development], arguments: space.start)
        }
    }

    private func train(
        _ arguments: TrainingArguments, _ rows: [Example], progress: (TrainingProgress) -> Void,
        isCancelled: () -> Bool
    ) throws -> FineTuningResult {
        let output = folder + "/trial"
        defer { try? FileManager.default.removeItem(atPath: output) }
        guard task == .textClassification else {
            return try fineTune(
                base: base, for: task, continues: continues, training: rows, development: development,
                arguments: arguments, output: output, progress: progress, isCancelled: isCancelled)
        }
        // Of all rows: a rare label may be missing among the first.
        let named = LabelSet(names: Set((training + development).compactMap(\.label)).sorted())
        return try fineTune(
            base: base, labels: labels ?? named, training: rows, development: development,
            arguments: arguments, output: output, progress: progress, isCancelled: isCancelled)
    }
}

/// By their hashes: a rung's rows are among those of the next, and none of them a file's beginning.
private func inOrder(_ rows: some Sequence<Example>) -> [Example] {
    rows.map { (ContentHash(of: $0).hex, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
}

/// How many of some rows a share of them is.
public func replayedCount(of rows: Int, share: Double) -> Int { Int((Double(rows) * share).rounded()) }

/// The replayed rows that a share of them means, in the order in which they came: the same whoever asks.
///
/// - Parameter hash: of a row's content.
public func replayed<Row>(_ rows: [Row], share: Double, hash: (Row) -> String) -> [Row] {
    let hashes = rows.map(hash)
    let kept = Set(hashes.sorted().prefix(replayedCount(of: rows.count, share: share)))
    return zip(hashes, rows).filter { kept.contains($0.0) }.map(\.1)
}

extension TrainingArguments {
    /// The arguments for rows of which so many, the last, are replayed.
    public func replaying(_ rows: Int) -> TrainingArguments {
        var arguments = self
        arguments.distillation = distillation.flatMap {
            rows > 0 ? Distillation(weight: $0.weight, rows: rows) : nil
        }
        return arguments
    }
}
