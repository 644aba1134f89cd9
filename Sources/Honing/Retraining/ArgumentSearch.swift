import Corpus
import Foundation
import Store
public import Training

/// What a run is to find out about its arguments before it trains with them.
public struct ArgumentSearch: Codable, Sendable, Equatable {
    /// Processor time for all trials together, in seconds.
    public var seconds: Double
    /// So many of the training rows, the last, are replayed; candidates take a share of them.
    public var replayed: Int
    /// What did well before.
    public var known: [TrainingArguments]

    /// What came of it: the run trains with this, and so does whoever repeats it.
    public struct Choice: Codable, Sendable, Equatable {
        public var arguments: TrainingArguments
        /// The share of the rows that were there to be replayed.
        public var replayShare: Double
        public var trials: Int
        /// On the development rows, in nats: of what was chosen, and of what the configuration says, on as many rows.
        public var loss: Double?
        public var startLoss: Double?

        /// What is trained on of the rows that there are, of which so many, the last, are there to be replayed.
        func rows<Row>(of all: [Row], replayed count: Int, hash: (Row) -> String) -> [Row] {
            all.dropLast(count) + Training.replayed(all.suffix(count), share: replayShare, hash: hash)
        }

        /// For the log.
        var sentence: String {
            let losses = [startLoss, loss].map { $0.map { decimals($0, 3) } ?? "–" }
            let share = replayShare < 1 ? ", \(percent(replayShare)) of the replayed rows" : ""
            return
                "\(counted(trials, "trial")) found \(arguments.brief)\(share): development loss \(losses[1]) "
                + "nats, \(losses[0]) with the arguments of the configuration"
        }
    }
}

extension RunDirectory {
    /// What an earlier search chose, or else a search; one that was killed goes on.
    ///
    /// - Parameter progress: is told of the trials' steps.
    /// - Returns: the start where no trial had time to end.
    func choose(
        by search: ArgumentSearch, _ plan: TrainingPlan, training: [Example], development: [Example],
        progress: (TrainingProgress) -> Void, isCancelled: () -> Bool
    ) throws -> ArgumentSearch.Choice {
        if let choice = try choice() { return choice }
        var tuning = try TuningSearch(
            base: plan.base, for: plan.task ?? .textClassification, training: training,
            development: development, start: plan.arguments, budget: search.seconds, candidates: 27,
            seed: plan.arguments.seed, folder: path + "/search")
        (tuning.replayed, tuning.labels, tuning.continues) = (search.replayed, plan.labels, true)
        tuning.space.known = search.known
        tuning.clock = processorSeconds
        func tell(_ event: TuningSearch.Event) {
            guard case .learns(var step) = event else { return }
            step.phase = .searching
            progress(step)
        }
        let found = try tuning.run(tell, isCancelled: isCancelled)
        let share = found.best?.replayShare ?? 1
        let kept = replayedCount(of: search.replayed, share: share)
        let arguments = found.best?.arguments ?? plan.arguments
        let choice = ArgumentSearch.Choice(
            arguments: search.replayed == 0 ? arguments : arguments.replaying(kept), replayShare: share,
            trials: found.trials.count, loss: found.best?.loss, startLoss: found.start?.loss)
        try write(choice)
        return choice
    }
}

extension TrainingSelection {
    /// What a search left of it.
    func following(_ choice: ArgumentSearch.Choice) -> TrainingSelection {
        var selection = self
        selection.training = choice.rows(of: training, replayed: replayed, hash: \.contentHash)
        selection.replayed -= training.count - selection.training.count
        return selection
    }
}

extension TrainingArguments {
    /// These arguments with what a search had found for an earlier run; `nil` where that is the same.
    func withFindings(of earlier: TrainingArguments) -> TrainingArguments? {
        guard earlier.adjustment == nil, !earlier.headOnly else { return nil }
        var arguments = self
        arguments.learningRate = earlier.learningRate
        arguments.epochs = earlier.epochs
        arguments.batchSize = earlier.batchSize
        arguments.lora = earlier.lora
        arguments.frozenLayers = earlier.frozenLayers
        return arguments == self ? nil : arguments
    }
}
