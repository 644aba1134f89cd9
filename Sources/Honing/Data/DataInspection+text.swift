import Corpus
import Transformers

extension DataInspection {
    /// The figures for a terminal.
    public var text: String {
        let lines = parts.flatMap { name, lines in
            lines.enumerated().map { ($0 == 0 ? name : "").rightPadded(to: 14) + $1 }
        }
        // Bars are filled up with spaces, which nobody needs at the end of a line.
        return ([heading] + lines).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    private var heading: String {
        "\(file.printable): \(format.title), for \(task.rawValue), \(decimals(Double(bytes) / 1e6, 1)) MB\n"
    }

    private var parts: [(name: String, lines: [String])] {
        [
            ("rows", rowLines), ("labels", labelLines), ("scores", scoreLines), ("length", lengthLines),
            ("repetitions", repetitionLines), ("leaks", leakLines), ("doubts", doubtLines),
            ("letters", letterLines),
        ].filter { !$0.1.isEmpty }
    }

    private var rowLines: [String] {
        ["\(grouped(rows)) to use, \(grouped(unlabelled)) of them without a target; \(grouped(rejected)) not"]
            + firstRejected.map { "line \($0.line): \($0.reason.printable)" }
    }

    private var labelLines: [String] {
        guard let most = labels.first else { return [] }
        let width = min(24, labels.map(\.label.count).max() ?? 0)
        let lines = labels.prefix(20).map { label in
            label.label.shortened.printable.rightPadded(to: width)
                + grouped(label.count).leftPadded(to: 12) + percent(label.share).leftPadded(to: 9) + "  "
                + TextLayout.bar(Double(label.count) / Double(most.count), width: 24)
        }
        return lines + (labelCount > lines.count ? ["and \(grouped(labelCount - lines.count)) more"] : [])
    }

    private var scoreLines: [String] {
        scores.map {
            ["from \(decimals($0.lowest, 3)) to \(decimals($0.highest, 3)), mean \(decimals($0.mean, 3))"]
        } ?? []
    }

    private var lengthLines: [String] {
        var lines = [
            "\(lengths.unit): mean \(decimals(lengths.mean, 1)), half up to \(grouped(lengths.median)), 90 % up to "
                + "\(grouped(lengths.nineTenths)), 99 % up to \(grouped(lengths.ninetyNine)), "
                + "longest \(grouped(lengths.longest))"
        ]
        let most = lengths.bins.map(\.count).max() ?? 1
        for bin in lengths.bins where bin.count > 0 {
            lines.append(
                (bin.from == bin.to ? "\(bin.from)" : "\(bin.from)–\(bin.to)").leftPadded(to: 13)
                    + grouped(bin.count).leftPadded(to: 12) + "  "
                    + TextLayout.bar(Double(bin.count) / Double(most), width: 24))
        }
        if let limit = lengths.limit, let longer = lengths.longer {
            let reach = lengths.windows.map { "\(limit) tokens that the model's \($0) windows reach" }
            let remedy = longer > 0 && lengths.windows == nil && task.readsWholeText
            lines.append(
                "\(counted(longer, "text")) longer than the \(reach ?? "model's \(limit) tokens")"
                    + (remedy ? ": hone train --windows mean reads them to their ends" : ""))
        }
        return lines
    }

    private var repetitionLines: [String] {
        var lines = [
            "\(counted(repetitions.exact, "row")) there before, and "
                + "\(counted(repetitions.contradicting, "row")) with another target"
        ]
        if let threshold = repetitions.threshold {
            lines.append(
                "\(counted(repetitions.near, "text")) nearly the same as one before (Jaccard "
                    + "\(decimals(threshold, 2)) or more)")
        }
        return lines + repetitions.first.map(\.sentence)
    }

    private var leakLines: [String] {
        guard let leaks else { return [] }
        return [
            "\(counted(leaks.exact, "row")) in \(leaks.file.printable) too, and \(counted(leaks.near, "row")) nearly"
        ] + leaks.first.map(\.sentence)
    }

    private var doubtLines: [String] {
        guard let doubts else { return [] }
        let line =
            "\(grouped(doubts.contradicted)) of \(counted(doubts.confident, "row")) that the model is at least "
            + "\(percent(doubts.confidence)) sure of with another label (\(grouped(doubts.asked)) asked)"
        return [line]
            + doubts.first.map {
                "line \($0.line): \($0.label.printable), the model says \($0.predicted.printable) "
                    + "(\(percent($0.confidence))): \($0.text.printable)"
            }
    }

    private var letterLines: [String] {
        var lines: [String] = []
        if encoding.invalid > 0 {
            lines.append(
                "\(grouped(encoding.invalid)) rows cannot be read: the file \(encoding.remedy ?? "")")
        }
        if encoding.garbled > 0 {
            lines.append("\(grouped(encoding.garbled)) texts look like UTF-8 once taken for Latin-1")
        }
        if encoding.replaced > 0 { lines.append("\(grouped(encoding.replaced)) texts hold U+FFFD") }
        return lines
    }
}

extension DataInspection.RepeatedRow {
    fileprivate var sentence: String {
        let kind = of.isExact ? (of.hasSameTarget ? "as" : "against") : "\(decimals(of.similarity, 2)) like"
        return "line \(line) \(kind) line \(of.line)\(of.isInOther ? " there" : ""): \(text.printable)"
    }
}
