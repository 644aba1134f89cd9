import Foundation

extension Simulation {
    /// The difference in a sentence.
    static func sentence(_ really: Tally, _ policy: Tally) -> String {
        guard policy.rows > 0 else {
            return "No labelled row came in within that time, so nothing would have gone otherwise."
        }
        let isSame =
            policy.runs == really.runs && policy.promotions == really.promotions && policy.assumedRows == 0
        if isSame, policy.mistakes == really.mistakes {
            return "This policy would have done what was done: \(counted(policy.runs, "run")), "
                + "\(counted(policy.promotions, "promotion"))."
        }
        let time = policy.cpuSeconds - really.cpuSeconds
        let cost =
            abs(time) < 0.5
            ? "the same processor time" : "\(span(abs(time))) \(time < 0 ? "less" : "more") processor time"
        return
            "This policy would have started \(counted(policy.runs, "run")) instead of \(grouped(really.runs)), "
            + "with \(cost) and \(mistakes(really, policy)) on \(counted(policy.rows, "labelled row"))."
    }

    private static func mistakes(_ really: Tally, _ policy: Tally) -> String {
        let saved = really.mistakes - policy.mistakes
        guard policy.assumedRows > 0 else {
            let count = Int(abs(saved).rounded())
            return count == 0
                ? "as many mistakes" : "\(grouped(count)) \(saved > 0 ? "fewer" : "more") mistakes"
        }
        let (least, most) = (really.mistakes - policy.mostMistakes, really.mistakes - policy.leastMistakes)
        if least > 0.5 { return "\(range(least, most)) fewer mistakes, as far as that can be assumed," }
        if most < -0.5 { return "\(range(-most, -least)) more mistakes, as far as that can be assumed," }
        return "as many mistakes as far as can be told, from \(decimals(max(0, -least), 0)) more to "
            + "\(decimals(max(0, most), 0)) fewer,"
    }

    private static func range(_ low: Double, _ high: Double) -> String {
        "\(decimals(low, 0)) to \(decimals(high, 0))"
    }

    /// For a terminal.
    public var text: String {
        var lines = [
            TextLayout.wrapped(sentence), "", "\(moment(since)) to \(moment(until)) UTC", "",
        ]
        lines +=
            changes.isEmpty
            ? ["The policy is the one in force."]
            : changes.map { TextLayout.wrapped($0, lead: "  ", indent: 4) }
        if !idle.isEmpty {
            lines.append(
                TextLayout.wrapped(
                    "Without bearing on when a run starts: " + listed(idle) + ".", lead: "  ", indent: 4))
        }
        lines += [""] + table + [""] + timeline + [""]
        lines += assumptions.map { TextLayout.wrapped($0, lead: "· ", indent: 2) }
        return lines.joined(separator: "\n")
    }

    private var table: [String] {
        func count(_ name: String, _ part: KeyPath<Tally, Int>) -> String {
            let (was, would) = (really[keyPath: part], policy[keyPath: part])
            return Self.row(name, grouped(was), grouped(would), Self.signed(Double(would - was)))
        }
        let time = policy.cpuSeconds - really.cpuSeconds
        let sign = time < -0.5 ? "−" : time > 0.5 ? "+" : ""
        var rows = [
            Self.row("", "as it was", "this policy", "difference"),
            count("alarms", \.alarms), count("runs", \.runs), count("promotions", \.promotions),
            Self.row(
                "processor time", span(really.cpuSeconds), span(policy.cpuSeconds), sign + span(abs(time))),
            Self.row(
                "labels before the first run", really.labelsToFirstRun.map(grouped) ?? "–",
                policy.labelsToFirstRun.map(grouped) ?? "–",
                really.labelsToFirstRun.flatMap { was in
                    policy.labelsToFirstRun.map { Self.signed(Double($0 - was)) }
                } ?? ""),
            Self.row(
                "wrong answers to \(counted(policy.rows, "row"))", decimals(really.mistakes, 0),
                decimals(policy.mistakes, 0),
                Self.signed(policy.mistakes - really.mistakes)),
        ]
        if policy.assumedRows > 0 {
            rows.append(
                Self.row(
                    "  between", "", Self.range(policy.leastMistakes, policy.mostMistakes),
                    "\(grouped(policy.assumedRows)) assumed"))
        }
        return rows
    }

    /// How many of the events a terminal shows; `--json` has all.
    private static let mostEvents = 40

    private var timeline: [String] {
        guard !events.isEmpty else { return ["Nothing happened, and nothing would have."] }
        let left = events.count - Self.mostEvents
        let shown = events.suffix(Self.mostEvents).map { event in
            let lead = TextLayout.cell(moment(event.at), 19) + TextLayout.cell(event.side.rawValue, 8)
            return TextLayout.wrapped(event.sentence, lead: lead, indent: lead.count)
        }
        return (left > 0 ? ["\(counted(left, "earlier event")): see --json"] : []) + shown
    }

    private static func row(_ name: String, _ cells: String...) -> String {
        (TextLayout.cell(name, 32) + cells.map { TextLayout.cell($0, 16, right: true) }.joined()).trimmedEnd
    }

    private static func signed(_ difference: Double) -> String {
        let text = decimals(abs(difference), 0)
        return text == "0" ? "0" : (difference < 0 ? "−" : "+") + text
    }
}

extension String {
    fileprivate var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
