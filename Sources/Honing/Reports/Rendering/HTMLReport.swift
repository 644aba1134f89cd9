import Drift
import Foundation

/// The drift report as one HTML file.
public enum HTMLReport {
    public static func render(_ report: DriftReport) -> String {
        HTML.page(
            title: "Drift report · \(report.modelName)", HTMLReportPage(report: report).sections
        ).text
    }
}

/// The sections of a report page; the dashboard shows some of them too.
public struct HTMLReportPage: Sendable {
    let report: DriftReport

    public init(report: DriftReport) {
        self.report = report
    }

    var sections: [HTML] {
        [
            header, verdict, answers, tiles, chart, events, cause, classes, inputs, parts, worstSlices,
            labelFree, alerts, gate,
            versions, glossary,
            footer,
        ]
    }

    private var header: HTML {
        """
        <header><h1>Drift report · \(report.modelName)</h1>\
        <span class="range">\(moment(report.since)) to \(moment(report.until)) UTC</span></header>
        """
    }

    // MARK: The first screen

    /// The verdict as a card.
    public var verdict: HTML {
        let headline = report.headline
        return """
            <section class="verdict \(headline.state.level.rawValue)"><p class="word">\(headline.state.sign) \
            \(headline.state.word)</p><p class="sentence">\(headline.sentence)</p></section>
            """
    }

    /// The questions that a person asks next.
    public var answers: HTML {
        let pairs = report.headline.answers.map { question, answer -> HTML in
            "<dt>\(question)</dt><dd>\(Self.withCode(answer))</dd>"
        }
        return "<section><dl class=\"answers\">\(pairs)</dl></section>"
    }

    /// Text in which `commands` stand between grave accents.
    private static func withCode(_ text: String) -> HTML {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        // An odd accent is a character of the text, not the beginning of a command.
        guard pieces.count % 2 == 1 else { return "\(text)" }
        return pieces.enumerated().map {
            $0.offset % 2 == 1 ? "<code>\(String($0.element))</code>" : "\(String($0.element))"
        }
        .reduce("", +)
    }

    /// The figures at a glance.
    public var tiles: HTML {
        guard let accuracy = report.accuracy else { return "" }
        func tile(_ title: String, _ figure: String, _ note: String) -> HTML {
            "<div class=\"tile\"><span>\(title)</span><b>\(figure)</b><span>\(note)</span></div>"
        }
        let promised = accuracy.baseline.flatMap { baseline in
            baseline.accuracy.map {
                tile("promised", percent($0), "judged on \(counted(baseline.count, "row"))")
            }
        }
        let present = report.present.map {
            tile(
                report.isSinceChange ? "since the change" : "newest rows", percent($0.accuracy),
                "\(percent($0.lower)) to \(percent($0.upper)), \(counted($0.count, "row"))")
        }
        let whole = tile(
            "since promotion", accuracy.count > 0 ? percent(accuracy.estimate) : "–",
            accuracy.count > 0
                ? "\(percent(accuracy.lower)) to \(percent(accuracy.upper)), \(counted(accuracy.count, "label"))"
                : "no labels yet")
        let evidence = report.evidence.map {
            tile(
                "on the way to an alarm", $0.share < 1 ? decimals($0.share * 100, 0) + " %" : "passed",
                "evidence \(magnitude(log10: $0.logEvidence)), alarm at \(magnitude(log10: $0.logThreshold))")
        }
        return
            "<section><div class=\"tiles\">\([present, promised, whole, evidence].compactMap { $0 })</div></section>"
    }

    // MARK: Time

    /// The accuracy curve with its key.
    public var chart: HTML {
        let measure = report.measure.map { $0.prefix(1).uppercased() + $0.dropFirst() } ?? "Accuracy"
        let share = report.measure == nil ? "Share of right answers" : "1 − the mean loss"
        guard !report.series.isEmpty else {
            return
                "<section><h2>\(measure) over time</h2><p>No labelled rows in this stretch of time.</p></section>"
        }
        let rows = report.series.reduce(0) { $0 + $1.count }
        let kinds = ReportEvent.Kind.allCases.filter { kind in
            kind.letter != nil && report.events.contains { $0.kind == kind }
        }
        return """
            <section><h2>\(measure) over time</h2><p class="note">\(share) on \
            \(counted(rows, "labelled row")); each was answered before anything could be learned from it.</p>
            <figure><div class="wide">\(SVGChart(report).svg)</div>\
            <div class="narrow">\(SVGChart(report, width: 360, height: 300, id: "accuracy-narrow").svg)</div>
            <ul class="key">\(Self.lineKey)\(kinds.map(Self.eventKey))</ul></figure></section>
            """
    }

    private static let lineKey: HTML = """
        <li><svg width="28" height="14" aria-hidden="true"><rect class="band" width="28" height="14"/>\
        <path class="curve" d="M0 7H28"/></svg>measured, with its 95 % band</li>\
        <li><svg width="28" height="14" aria-hidden="true"><path class="promise" d="M0 7H28"/></svg>\
        promised when it was judged</li>
        """

    private static func eventKey(_ kind: ReportEvent.Kind) -> HTML {
        "<li>\(badge(kind))\(kind.word)</li>"
    }

    private static func badge(_ kind: ReportEvent.Kind) -> HTML {
        """
        <svg width="18" height="18" aria-hidden="true"><g class="event \(kind.rawValue)"><circle cx="9" cy="9" r="8.5"/>\
        <text x="9" y="13">\(kind.letter ?? "·")</text></g></svg>
        """
    }

    private var events: HTML {
        guard !report.events.isEmpty else { return "" }
        let rows = report.events.suffix(50).map { event -> HTML in
            """
            <tr><td class="time">\(moment(event.at, seconds: true))</td><td class="badge">\(Self.badge(event.kind))</td>\
            <td>\(event.detail.asSentence)</td></tr>
            """
        }
        return
            "<section><h2>What happened</h2><p class=\"note\">Times are UTC.</p><table class=\"stack\">\(rows)</table></section>"
    }
}
