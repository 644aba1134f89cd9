import Drift

extension FolderEvaluation {
    /// The figures for a terminal.
    public var text: String {
        let head =
            switch figures {
            case .classes(let evaluation): evaluation.text
            case .task(let evaluation): evaluation.text
            }
        return
            ([head] + [confidenceLines, sliceLines].filter { !$0.isEmpty }.map { $0.joined(separator: "\n") })
            .joined(separator: "\n\n")
    }

    private var confidenceLines: [String] {
        guard !reliability.isEmpty else { return [] }
        let lines = reliability.map { bin in
            let range = "\(decimals(bin.lower * 100, 0)) to \(decimals(bin.upper * 100, 0)) %"
            return range.rightPadded(to: 16) + grouped(bin.count).leftPadded(to: 9)
                + percent(bin.accuracy).leftPadded(to: 10) + "  "
                + TextLayout.bar(bin.accuracy, width: 20) + (bin.isBorneOut ? "" : "  ← \(bin.complaint)")
        }
        return ["confidence".rightPadded(to: 16) + "rows".leftPadded(to: 9) + "right".leftPadded(to: 10)]
            + lines
    }

    private var sliceLines: [String] {
        guard !slices.isEmpty else { return [] }
        let shown = slices.prefix(8)
        let width = min(40, max(14, shown.map(\.name.count).max()! + 1))
        return [
            "part of the rows".rightPadded(to: width)
                + ["rows", "score", "others", "p"].map { $0.leftPadded(to: 10) }.joined()
        ]
            + shown.map { slice in
                TextLayout.cell(slice.name, width)
                    + [
                        grouped(slice.count), percent(1 - slice.meanLoss), percent(1 - slice.meanLossOutside),
                        slice.writtenP,
                    ].map { $0.leftPadded(to: 10) }.joined() + (slice.isWorse ? "  ← worse" : "")
            }
    }
}

extension SliceFinding {
    var name: String { "\(key.property) \(key.value)" }

    /// Corrected, with the digits that are worth reading.
    var writtenP: String { correctedPValue < 0.0005 ? "<0.001" : decimals(correctedPValue, 3) }

    /// Beyond chance, all parts that were looked at taken together.
    var isWorse: Bool { correctedPValue <= 0.05 }
}

extension ReliabilityBin {
    var complaint: String { confidence > accuracy ? "too sure" : "not sure enough" }
}

extension Evaluation {
    /// The figures for a terminal.
    var text: String {
        let width = max(10, labels.map(\.count).max() ?? 0)
        let head = "".rightPadded(to: width) + labels.map { $0.prefix(10).leftPadded(to: 12) }.joined()
        let body = zip(labels, confusion).map { label, row in
            label.rightPadded(to: width) + row.map { String($0).leftPadded(to: 12) }.joined()
        }
        return """
            rows          \(count)
            accuracy      \(percent(accuracy))  (95 %: \(percent(interval.lowerBound)) to \(percent(interval.upperBound)))
            macro-F1      \(decimals(macroF1, 3))
            log-loss      \(decimals(logLoss, 3)) nats
            calibration   \(percent(calibrationError)) expected error

            truth by row, prediction by column
            \(([head] + body).joined(separator: "\n"))
            """
    }
}
