extension RunSummary {
    /// The run while it goes on, for one line of a terminal.
    public var progressLine: String {
        "run \(id)  \(TextLayout.bar(progress, width: 20)) \(progressFigures)"
    }

    public var progressFigures: String {
        switch state {
        case .queued: return "waiting for its turn"
        case .judging:
            return "the gate is judging version \(challengerVersion.map(String.init) ?? "it trained")"
        default: break
        }
        let remedy = level.map { "\($0): " } ?? ""
        guard totalSteps > 0 else { return "\(remedy)preparing" }
        return [
            "\(remedy)step \(step) of \(totalSteps)", loss.map { "loss \(decimals($0, 3))" },
            developmentAccuracy.map { "development \(percent($0))" }, secondsLeft.map { "\(span($0)) left" },
        ].compactMap { $0 }.joined(separator: ", ")
    }

    /// How the run ended, and when, on one line. A verdict says by itself whether it promoted.
    var endLine: String {
        let at = finishedAt.map { " \(moment($0))" } ?? ""
        let tried =
            rungs.map { $0.count > 1 ? " after \($0.map(\.level).joined(separator: ", "))" : "" } ?? ""
        if let verdict { return "run \(id) ended\(at)\(tried), \(verdict.sentence)" }
        return "run \(id) \(state.rawValue)\(at)\(tried)" + (error.map { ": \($0)" } ?? "")
    }

    /// What was not learned, on a line.
    private var leftOutLines: [String] {
        leftOut.map { [TextLayout.wrapped(LeftOutSummary.sentence($0), lead: "  ", indent: 4)] } ?? []
    }

    /// The remedies, a line each: what came of it and what it cost; the last one's finding is the verdict.
    private var rungLines: [String] {
        let rungs = rungs ?? []
        return rungs.enumerated().map { index, rung in
            let finding = index == rungs.count - 1 && verdict != nil ? "" : ": \(rung.sentence)"
            let text = "\(rung.level) \(rung.outcome)\(finding) (\(rung.cost))"
            return TextLayout.wrapped(text, lead: "  \(index + 1). ", indent: 5)
        }
    }

    /// The end of the run for a terminal: the verdict, then every check with its finding.
    public var verdictText: String {
        guard let verdict else {
            let reason = error ?? "no reason was written down"
            let head = TextLayout.wrapped("Run \(id) \(state.rawValue): \(reason)".asSentence)
            return ([head] + rungLines + leftOutLines).joined(separator: "\n")
        }
        let width = verdict.checks.map(\.name.count).max() ?? 0
        let checks = verdict.checks.map { check in
            let lead = "  \(check.outcome.sign) \(check.name.printable.rightPadded(to: width))  "
            return TextLayout.wrapped(check.statement, lead: lead, indent: lead.count)
        }
        let head = TextLayout.wrapped("Run \(id): \(verdict.sentence)".asSentence)
        return ([head] + checks + rungLines + leftOutLines).joined(separator: "\n")
    }
}

extension TrialVerdict.Check.Outcome {
    /// A sign that also speaks without colour.
    var sign: String {
        switch self {
        case .passed: "✓"
        case .warned: "!"
        case .failed: "✗"
        case .held: "?"
        case .skipped: "–"
        }
    }
}
