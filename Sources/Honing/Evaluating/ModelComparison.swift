public import Corpus
import Drift
import Transformers

/// Two models on the same rows: which answers better, and whether that is more than chance.
public struct ModelComparison: Codable, Sendable, Equatable {
    public var task: TaskKind
    public var count: Int
    /// The figure that models of the task are known by.
    public var headline: String
    public var first: Side
    public var second: Side
    /// How much more right the first is, row by row, from −1 to 1.
    public var difference: Double
    /// Its 95 % interval: Agresti and Min's of right and wrong answers, the paired bootstrap of partly right ones.
    public var interval: ClosedRange<Double>
    /// How likely so great a difference is, either way, where neither is better: McNemar's exact test, or the
    /// paired bootstrap.
    public var p: Double
    /// Rows that both answer rightly, only the first, only the second, and neither.
    public var bothRight: Int
    public var onlyFirst: Int
    public var onlySecond: Int
    public var neither: Int
    /// The first rows that only one of them answers rightly.
    public var examples: [Example]

    public struct Side: Codable, Sendable, Equatable {
        public var name: String
        public var headline: Double
    }

    public struct Example: Codable, Sendable, Equatable {
        public var text: String
        public var isFirstRight: Bool
    }

    /// Whether the difference is beyond what chance makes in one comparison of twenty.
    public var isBeyondChance: Bool { p < 0.05 }

    /// - Parameters:
    ///   - losses: from 0, right, to 1, of each row in the same order.
    ///   - isPartial: whether a loss may lie between 0 and 1.
    init(
        _ task: TaskKind, _ rows: [Corpus.Example], first: Side, _ losses: [Double], second: Side,
        _ otherLosses: [Double], isPartial: Bool
    ) {
        let (right, otherRight) = (losses.map { $0 < 0.5 }, otherLosses.map { $0 < 0.5 })
        // The first is the challenger of the paired tests: what it gains counts for it.
        let (forFirst, forSecond) =
            isPartial
            ? (
                PairedOutcomes(championLosses: otherLosses, challengerLosses: losses),
                PairedOutcomes(championLosses: losses, challengerLosses: otherLosses)
            )
            : (
                PairedOutcomes(champion: otherRight, challenger: right),
                PairedOutcomes(champion: right, challenger: otherRight)
            )
        let bounds = forFirst.bounds(confidence: 0.975)
        self.task = task
        count = rows.count
        headline = task.headline.name
        (self.first, self.second) = (first, second)
        difference = forFirst.difference
        interval = bounds.lower...max(bounds.lower, bounds.upper)
        p = min(1, 2 * min(forFirst.pValue(alpha: 0.025), forSecond.pValue(alpha: 0.025)))
        (bothRight, onlyFirst) = (forFirst.bothRight, forFirst.gains)
        (onlySecond, neither) = (forFirst.losses, forFirst.bothWrong)
        examples = zip(rows, zip(right, otherRight)).filter { $1.0 != $1.1 }.prefix(5).map {
            Example(text: $0.text, isFirstRight: $1.0)
        }
    }
}

extension FolderModel {
    /// This model beside another on rows that neither learned from, it is to be hoped.
    ///
    /// - Throws: `ComparisonError` for models of two tasks, `TaskError` for rows of another.
    public func compare(
        with other: FolderModel, named names: (String, String), on rows: [Corpus.Example]
    ) throws -> ModelComparison {
        guard task == other.task else {
            throw ComparisonError.differentTasks(names.0, task, names.1, other.task)
        }
        guard !rows.isEmpty else { throw ComparisonError.noRows }
        let (said, otherSaid) = (try served.judged(rows), try other.served.judged(rows))
        return ModelComparison(
            task, rows,
            first: ModelComparison.Side(
                name: names.0, headline: served.headline(said.map(\.answer), rows)),
            said.map(\.boundedLoss),
            second: ModelComparison.Side(
                name: names.1, headline: other.served.headline(otherSaid.map(\.answer), rows)),
            otherSaid.map(\.boundedLoss), isPartial: task != .textClassification)
    }
}

/// Why two models are not compared.
public enum ComparisonError: Error, CustomStringConvertible, Equatable {
    case differentTasks(String, TaskKind, String, TaskKind)
    case noRows

    public var description: String {
        switch self {
        case .differentTasks(let first, let task, let second, let other):
            "\(first) is for \(task.rawValue) and \(second) for \(other.rawValue): compare models of one task"
        case .noRows:
            "there is no labelled row to compare on: name a file that holds some"
        }
    }
}
