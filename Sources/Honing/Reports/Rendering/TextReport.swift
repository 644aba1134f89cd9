import Foundation

/// The drift report for a terminal of 80 columns.
public enum TextReport {
    public static func render(_ report: DriftReport, colour: Bool) -> String {
        TextReportPage(report: report, ink: Ink(isOn: colour)).lines.joined(separator: "\n")
    }
}

struct TextReportPage {
    let report: DriftReport
    let ink: Ink

    var lines: [String] {
        let sections = [
            head, answers, chart, events, cause, classes, inputs, slices, worstSlices, labelFree, alerts,
            runs,
            versions, notes,
        ]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    func title(_ text: String, _ note: String = "") -> String {
        ink.bold(text) + (note.isEmpty ? "" : ink.dim("  \(note)"))
    }

    private var head: [String] {
        let headline = report.headline
        let sentence = TextLayout.wrapped(headline.sentence, lead: "\(headline.state.sign) ", indent: 2)
        return [
            ink.dim(
                TextLayout.cell(
                    "Drift report · \(report.modelName) · \(moment(report.since)) to \(moment(report.until)) UTC",
                    TextLayout.width
                ).trimmed),
            "", ink.level(headline.state.level, ink.isOn ? ink.bold(sentence) : sentence),
        ]
    }

    private var answers: [String] {
        report.headline.answers.flatMap { question, answer in
            [ink.bold(question), TextLayout.wrapped(answer, lead: "  ", indent: 2)]
        }
    }

    private var measure: String {
        report.measure.map { $0.prefix(1).uppercased() + $0.dropFirst() } ?? "Accuracy"
    }

    private var chart: [String] {
        guard !report.series.isEmpty else {
            return [title(measure), "  No labelled rows in this stretch of time."]
        }
        let rows = report.series.reduce(0) { $0 + $1.count }
        let chart = TextChart(
            series: report.series, events: report.events, promise: report.accuracy?.baseline?.accuracy,
            ink: ink)
        return [
            title(
                measure, "\(counted(rows, "labelled row")), each answered before it could be learned from")
        ]
            + chart.lines
    }

    private var events: [String] {
        guard !report.events.isEmpty else { return [] }
        let shown = report.events.suffix(20)
        let dropped = report.events.count - shown.count
        return [
            title("What happened", dropped > 0 ? "the newest 20 of \(report.events.count)" : "times in UTC")
        ]
            + shown.map { event in
                let lead = "  \(moment(event.at, seconds: true))  \(event.kind.letter ?? "·")  "
                let text = TextLayout.wrapped(event.detail, lead: lead, indent: lead.count)
                switch event.kind {
                case .alarm, .failure: return ink.bad(text)
                case .promotion: return ink.good(text)
                case .warning, .refusal, .rollback, .change: return ink.warning(text)
                case .retrain: return text
                }
            }
    }

    private var classes: [String] {
        guard !report.classes.isEmpty else { return [] }
        let hasBefore = report.classes.contains { $0.recallBefore != nil }
        func share(_ value: Double?) -> String { TextLayout.cell(value.map(percent) ?? "–", 9, right: true) }
        let head =
            "  " + TextLayout.cell("class", 17) + TextLayout.cell("rows", 8, right: true)
            + TextLayout.cell("found", 9, right: true)
            + (hasBefore ? TextLayout.cell("before", 9, right: true) : "")
            + TextLayout.cell("precise", 9, right: true) + "   predicted before → now"
        return [title("Classes", "in the newest rows; found = recall, precise = precision"), ink.dim(head)]
            + report.classes.map { row in
                "  " + TextLayout.cell(row.label, 17) + TextLayout.cell(grouped(row.support), 8, right: true)
                    + share(row.recall) + (hasBefore ? share(row.recallBefore) : "") + share(row.precision)
                    + "   \(row.shareBefore.map(percent) ?? "–") → \(row.shareNow.map(percent) ?? "–")"
            }
    }

    private var inputs: [String] {
        guard !report.inputs.isEmpty else { return [] }
        return [title("What comes in", "against the rows that judged it; over 0.25 is another world")]
            + report.inputs.map { input in
                let bar = TextLayout.bar(input.psi / 0.5, width: 20)
                return "  " + TextLayout.cell(input.title, 16) + ink.level(input.verdict, bar)
                    + TextLayout.cell("PSI \(decimals(input.psi, 2))", 10, right: true)
                    + TextLayout.cell("chance \(decimals(input.noise, 2))", 13, right: true) + "  "
                    + ink.level(input.verdict, input.verdict.word)
            }
    }

    private var slices: [String] {
        guard !report.slices.isEmpty else { return [] }
        return [title("Parts of the newest rows", "the worst first")]
            + report.slices.map { slice in
                "  " + TextLayout.cell(slice.name, 39)
                    + TextLayout.cell(counted(slice.count, "row"), 11, right: true)
                    + TextLayout.cell(percent(slice.accuracy), 9, right: true)
                    + ink.dim("  \(percent(slice.lower)) to \(percent(slice.upper))")
            }
    }

    private var runs: [String] {
        guard let run = report.runs.first(where: \.isFinished) else { return [] }
        let end = run.finishedAt.map { moment($0) + " UTC" } ?? ""
        return [
            title(run.verdict == nil ? "The newest run" : "The newest verdict of the gate", end),
            run.verdictText,
        ]
    }

    private var versions: [String] {
        guard !report.versions.isEmpty else { return [] }
        return [title("Versions"), ModelSummary.table(Array(report.versions.prefix(10)), colour: ink.isOn)]
    }

    private var notes: [String] {
        [
            ink.dim(
                TextLayout.wrapped(
                    "Made \(moment(report.generatedAt)) UTC by Hone. Intervals are 95 %: the one since promotion holds at "
                        + "all times together, those of parts each for itself."))
        ]
    }
}
