import Drift
import Transformers

extension ModelComparison {
    /// The figures for a terminal: what it comes to first.
    public var text: String {
        let ends = [interval.lowerBound, interval.upperBound].map { signed($0 * 100, 1) }
        var lines = [
            verdict, "",
            "rows".rightPadded(to: width) + "\(count)",
            headline.rightPadded(to: width) + "\(written(first)) and \(written(second))",
            "difference".rightPadded(to: width)
                + "\(points(difference))  (95 %: \(ends[0]) to \(ends[1])), p \(p < 0.0001 ? "" : "= ")\(probability(p))",
            "right".rightPadded(to: width)
                + "both \(bothRight), only the first \(onlyFirst), only the second \(onlySecond), neither \(neither)",
        ]
        if !examples.isEmpty {
            lines += ["", "rows that only one answers rightly"]
            lines += examples.map {
                "  \($0.isFirstRight ? "first" : "second")".rightPadded(to: 10) + cut($0.text)
            }
        }
        return lines.joined(separator: "\n")
    }

    private var verdict: String {
        guard isBeyondChance else {
            return "Neither is better beyond chance on these rows."
        }
        let (better, worse) = difference > 0 ? (first.name, second.name) : (second.name, first.name)
        return "\(better) is better than \(worse), beyond chance."
    }

    private var width: Int { max(14, headline.count + 2) }

    private func written(_ side: Side) -> String {
        TaskEvaluation.Figure(name: "", value: side.headline, isShare: task.headline.isShare).written
    }

    private func cut(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= 68 ? line : line.prefix(67) + "…"
    }
}
