public import Corpus
import Drift
import Transformers

/// How good a model of tags, answers, several labels or scores is on rows whose truth is known.
public struct TaskEvaluation: Codable, Sendable, Equatable {
    public var task: TaskKind
    public var count: Int
    /// The figure that the model is known by.
    public var headline: Figure
    /// Its 95 % interval: 1,000 lots of the rows, drawn with replacement.
    public var interval: ClosedRange<Double>
    public var figures: [Figure]
    /// Of each type of entity or label; empty for other tasks.
    public var classes: [ClassFigures]

    public struct Figure: Codable, Sendable, Equatable {
        public var name: String
        public var value: Double
        /// Whether it is a share of 1, and not a number of some unit.
        public var isShare: Bool
    }

    public struct ClassFigures: Codable, Sendable, Equatable {
        public var name: String
        public var precision: Double
        public var recall: Double
        public var f1: Double
        /// How often it is there.
        public var count: Int
    }

    /// - Parameter figure: the headline of rows by their places.
    init(
        _ kind: TaskKind, count: Int, isShare: Bool = true, _ figures: [Figure],
        _ classes: [ClassFigures] = [], headline figure: ([Int]) -> Double
    ) {
        task = kind
        self.count = count
        let value = figure(Array(0..<count))
        headline = Figure(name: kind.headline.name, value: value, isShare: isShare)
        interval = bootstrapInterval(rows: count, confidence: 0.95, seed: 1, of: figure) ?? value...value
        self.figures = figures
        self.classes = classes
    }

    /// The figures for a terminal.
    public var text: String {
        let width = max(14, ([headline] + figures).map(\.name.count).max()! + 2)
        func line(_ figure: Figure, _ rest: String = "") -> String {
            figure.name.rightPadded(to: width) + figure.written + rest
        }
        let ends = [interval.lowerBound, interval.upperBound].map {
            Figure(name: "", value: $0, isShare: headline.isShare).written
        }
        var lines = ["rows".rightPadded(to: width) + "\(count)"]
        lines.append(line(headline, "  (95 %: \(ends[0]) to \(ends[1]))"))
        lines += figures.map { line($0) }
        guard !classes.isEmpty else { return lines.joined(separator: "\n") }
        let names = max(10, classes.map(\.name.count).max()!)
        lines.append("")
        lines.append(
            "".rightPadded(to: names)
                + ["precision", "recall", "F1", "there"].map { $0.leftPadded(to: 11) }.joined())
        lines += classes.map { row in
            row.name.rightPadded(to: names)
                + [row.precision, row.recall, row.f1].map {
                    Figure(name: "", value: $0, isShare: true).written.leftPadded(to: 11)
                }.joined() + "\(row.count)".leftPadded(to: 11)
        }
        return lines.joined(separator: "\n")
    }
}

extension TaskEvaluation.Figure {
    /// With the digits that are worth reading.
    var written: String {
        isShare ? "\((value * 1_000).rounded() / 10) %" : "\((value * 1_000).rounded() / 1_000)"
    }
}

extension TaskEvaluation.ClassFigures {
    init(_ name: String, _ counts: Counts) {
        self.init(
            name: name, precision: counts.precision, recall: counts.recall, f1: counts.f1,
            count: counts.wanted)
    }
}
