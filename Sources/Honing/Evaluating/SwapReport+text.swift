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
                + (row.figures.texts == 0 ? "" : "± \(decimals(row.figures.meanChange * 100, 1)) points")
        }
        lines += ["", "changed most"]
        lines += examples.map { example in
            let answers =
                example.flips
                ? "\(example.answer) → \(example.answerAfterSwap)" : "\(example.answer) as before"
            return "  \(points(example.change)), \(answers) (\(example.pair))\n    \(example.excerpt)"
        }
        lines += [
            "",
            "A share means something beside that of a pair which surely is neutral, such as film <-> movie.",
        ]
        return lines.joined(separator: "\n")
    }

    private var width: Int { max(14, pairs.map(\.pair.description.count).max()! + 1) }
}

extension SwapReport.Figures {
    fileprivate var share: String {
        "\(percent(Double(flips) / Double(max(1, texts)))) (\(percent(interval.lowerBound)) to \(percent(interval.upperBound)))"
    }
}

extension SwapReport.Change {
    /// A line of the text, with the first place that the swap changed in it.
    var excerpt: String {
        let (room, lead) = (74, 30)
        let place = zip(text, textAfterSwap).prefix { $0 == $1 }.count
        let letters = text.map { $0.isNewline ? " " : $0 }
        let start = letters.count <= room ? 0 : max(0, min(place - lead, letters.count - room))
        let shown = String(letters[start..<min(start + room, letters.count)])
        return (start > 0 ? "…" : "") + shown + (start + room < letters.count ? "…" : "")
    }
}
