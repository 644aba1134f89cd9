import Corpus
import Drift

extension SwapReport {
    /// The figures for a terminal: what it comes to first.
    public var text: String {
        var lines = [
            "\(all.flips) of \(counted(all.texts, "answer")) \(all.flips == 1 ? "changes" : "change") when only a term does: \(all.share).",
            "",
            "terms".rightPadded(to: width) + ["texts", "changed"].map { $0.leftPadded(to: 9) }.joined()
                + "  share and 95 % interval    probability",
        ]
        lines += pairs.map { row in
            row.pair.description.rightPadded(to: width)
                + [row.figures.texts, row.figures.flips].map { "\($0)".leftPadded(to: 9) }.joined()
                + "  " + (row.figures.texts == 0 ? "–" : row.figures.share).rightPadded(to: 27)
                + (row.figures.texts == 0 ? "" : "± \(percent(row.figures.meanChange))")
        }
        if !examples.isEmpty {
            lines += ["", "answers that changed most"]
            lines += examples.map {
                "  \($0.answer) → \($0.answerAfterSwap) (\($0.pair))\n    "
                    + $0.text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(74)
            }
        }
        return lines.joined(separator: "\n")
    }

    private var width: Int { max(14, pairs.map(\.pair.description.count).max()! + 1) }
}

extension SwapReport.Figures {
    fileprivate var share: String {
        "\(percent(Double(flips) / Double(max(1, texts)))) (\(percent(interval.lowerBound)) to \(percent(interval.upperBound)))"
    }
}
