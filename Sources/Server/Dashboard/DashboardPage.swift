import FoundationEssentials
import Honing

/// The first page: what `hone status` and `hone report` say, live, for a browser.
///
/// Rendered on the server, without a script; it asks for itself again every ten seconds. The
/// sections are those of the report, so that page and report cannot disagree.
struct DashboardPage {
    let status: Status
    let report: DriftReport

    var html: String {
        let page = HTMLReportPage(report: report)
        let name = status.model?.name ?? "no model"
        let document: HTML = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>\(name) · honed</title><link rel="stylesheet" href="/style.css"></head>
            <body><main><header><h1>\(name)</h1><span class="range">\(versionLine)</span></header>
            \(page.verdict)\(run)\(page.answers)\(page.tiles)\(page.chart)\(page.cause)\(page.labelFree)\(serving)\(sources)\(page.alerts)
            <footer><p>honed \(status.daemon.version) · <a href="/metrics">metrics</a> · <a href="/info">info</a> · \
            renewed every ten seconds</p></footer></main></body></html>

            """
        return document.text
    }

    private var versionLine: String {
        guard let model = status.model else { return "no version is live" }
        return "version \(model.version), live since \(moment(model.promotedAt)) UTC"
    }

    /// The run under way, with its progress.
    private var run: HTML {
        guard let run = status.run else {
            return "<section><h2>Now</h2><p>\(status.decision)</p></section>"
        }
        let share = Int((run.progress * 100).rounded())
        return """
            <section><h2>Run \(String(run.id)) is under way</h2><p>\(status.decision)</p>
            <p><progress max="100" value="\(String(share))" aria-label="training progress"></progress> \
            \(run.progressFigures)</p></section>
            """
    }

    private var serving: HTML {
        let counts = status.serving
        func row(_ name: String, _ value: String) -> HTML {
            "<tr><th scope=\"row\">\(name)</th><td class=\"number\">\(value)</td></tr>"
        }
        func milliseconds(_ value: Double?) -> String {
            value.map { "\(($0 * 100).rounded() / 100) ms" } ?? "–"
        }
        return """
            <section><h2>Serving</h2><table>\(row("requests answered", "\(counts.requests)"))\
            \(row("failed", "\(counts.failed)"))\(row("turned away", "\(counts.rejected)"))\
            \(row("median", milliseconds(counts.p50Milliseconds)))\
            \(row("99th percentile", milliseconds(counts.p99Milliseconds)))\
            \(row("waiting now", "\(counts.queueDepth)"))</table></section>
            """
    }

    private var sources: HTML {
        guard !status.sources.isEmpty else { return "" }
        let rows = status.sources.map { source -> HTML in
            let failure = source.lastError.map { error -> HTML in
                "<tr><td class=\"note\" colspan=\"5\">\(error)</td></tr>"
            }
            return """
                <tr><th scope="row">\(source.name)</th><td class="number">\(String(source.rows))</td>\
                <td class="number">\(String(source.duplicates))</td><td class="number">\(String(source.rejected))</td>\
                <td>\(failure == nil ? "fine" : "failing")</td></tr>\(failure ?? "")
                """
        }
        return """
            <section><h2>Sources</h2><div class="scroll"><table><thead><tr><th scope="col">source</th>\
            <th scope="col" class="number">rows</th><th scope="col" class="number">known</th>\
            <th scope="col" class="number">quarantined</th><th scope="col">state</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div></section>
            """
    }
}
