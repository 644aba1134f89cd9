import Foundation

/// The parts of the page that one reads when one wants to know more.
extension HTMLReportPage {
    var classes: HTML {
        guard !report.classes.isEmpty else { return "" }
        let hasBefore = report.classes.contains { $0.recallBefore != nil }
        let rows = report.classes.map { row -> HTML in
            let range = row.recallLower.flatMap { low in
                row.recallUpper.map { "\(percent(low)) to \(percent($0))" }
            }
            let before: HTML =
                hasBefore ? "<td class=\"number\">\(row.recallBefore.map(percent) ?? "–")</td>" : ""
            return """
                <tr><td>\(row.label)</td><td class="number">\(grouped(row.support))</td>\(before)\
                <td class="number">\(row.recall.map(percent) ?? "–")</td><td class="number">\(range ?? "–")</td>\
                <td class="number">\(row.precision.map(percent) ?? "–")</td></tr>
                """
        }
        let head: HTML = hasBefore ? "<th class=\"number\">found before</th>" : ""
        let mix = report.classes.compactMap { row in
            row.shareNow.map { SVGBars.Row(label: row.label, before: row.shareBefore, now: $0) }
        }
        let bars = SVGBars(title: "How often each class is predicted", rows: mix, width: 420, id: "mix").svg
        return """
            <section><h2>Classes</h2><p class="note">In the newest rows. Found: how many of the class were recognised \
            (recall). Right: how many that were called so are so (precision).</p><div class="scroll"><table>
            <tr><th>class</th><th class="number">rows</th>\(head)<th class="number">found</th>\
            <th class="number">95 %</th><th class="number">right</th></tr>\(rows)</table></div>
            <h3>How often each class is predicted</h3><figure>\(bars)<ul class="key"><li>\
            <svg width="14" height="14" aria-hidden="true"><rect class="before" width="14" height="14" rx="2"/></svg>when \
            the version was judged</li><li><svg width="14" height="14" aria-hidden="true">\
            <rect class="now" width="14" height="14" rx="2"/></svg>in the newest rows</li></ul></figure></section>
            """
    }

    var inputs: HTML {
        guard !report.inputs.isEmpty else { return "" }
        let rows = report.inputs.map { input -> HTML in
            let length = decimals(120 * min(1, max(0, input.psi / 0.5)), 1)
            return """
                <tr class="\(input.verdict.rawValue)"><td>\(input.title)</td><td><svg class="meter" viewBox="0 0 120 10" \
                aria-hidden="true"><rect class="track" width="120" height="10" rx="2"/>\
                <rect class="fill" width="\(length)" height="10" rx="2"/></svg></td>\
                <td class="number">\(decimals(input.psi, 3))</td><td class="number">\(decimals(input.noise, 3))</td>\
                <td class="number">\(decimals(input.jensenShannon, 3))</td>\
                <td class="\(input.verdict.rawValue) state">\(input.verdict.word)</td></tr>
                """
        }
        return """
            <section><h2>What comes in</h2><p class="note">How far it moved away from the rows that judged the version, by \
            the population stability index: below 0.1 the same, above 0.25 another world. This alone never changes \
            the model.</p><div class="scroll"><table><tr><th>aspect</th><th></th><th class="number">PSI</th>\
            <th class="number">by chance</th><th class="number">Jensen-Shannon</th><th></th></tr>\(rows)</table></div></section>
            """
    }

    var parts: HTML {
        guard !report.slices.isEmpty else { return "" }
        let rows = report.slices.map { slice -> HTML in
            """
            <tr><td>\(slice.name)</td><td class="number">\(grouped(slice.count))</td>\
            <td class="number">\(percent(slice.accuracy))</td>\
            <td class="number">\(percent(slice.lower)) to \(percent(slice.upper))</td></tr>
            """
        }
        return """
            <section><h2>Parts of the newest rows</h2><div class="scroll"><table><tr><th>part</th>\
            <th class="number">rows</th><th class="number">right</th><th class="number">95 %</th></tr>\(rows)</table></div></section>
            """
    }

    var gate: HTML {
        guard let run = report.runs.first(where: \.isFinished) else { return "" }
        let end = run.finishedAt.map { moment($0) + " UTC" } ?? ""
        let checks = (run.verdict?.checks ?? []).map { check -> HTML in
            """
            <li class="\(check.outcome.rawValue)"><span class="sign" title="\(check.outcome.rawValue)">\(check.outcome.sign)</span>\
            <span>\(check.name)</span><span class="statement">\(check.statement)</span></li>
            """
        }
        let rungs = (run.rungs ?? []).map { rung -> HTML in
            "<li>\(rung.level) \(rung.outcome), \(rung.cost): \(rung.sentence)</li>"
        }
        let tried: HTML =
            rungs.isEmpty ? "" : "<p class=\"note\">What was tried, the cheapest first:</p><ol>\(rungs)</ol>"
        let leftOut = run.leftOut.map { parts -> HTML in
            "<p class=\"note\">\(LeftOutSummary.sentence(parts).asSentence)</p>"
        }
        let sentence = run.verdict?.sentence ?? run.error ?? "no reason was written down"
        let title = run.verdict == nil ? "The newest run" : "The newest verdict of the gate"
        return """
            <section><h2>\(title)</h2><p class="note">Run \(Int(run.id)), \(run.state.rawValue) \(end). \
            A new version must show that it is better before anybody meets it.</p>
            <p>\(sentence.asSentence)</p><ul class="checks">\(checks)</ul>\(tried)\(leftOut ?? "")</section>
            """
    }

    var versions: HTML {
        guard !report.versions.isEmpty else { return "" }
        let rows = report.versions.map { version -> HTML in
            let from = version.parent.map { "version \($0)" } ?? version.origin
            let trained = version.trainingRows.map { counted($0, "row") } ?? "–"
            let judged = version.accuracy.map {
                percent($0) + (version.judgedOn.map { " of \(grouped($0))" } ?? "")
            }
            let live: HTML = version.isLive ? "<strong>live</strong>" : "\(version.kind ?? "never live")"
            return """
                <tr><td class="number">\(version.version)</td><td>\(from)</td><td class="time">\(moment(version.createdAt))</td>\
                <td class="number">\(trained)</td><td class="number">\(judged ?? "–")</td><td>\(live)</td></tr>
                """
        }
        return """
            <section><h2>Versions</h2><div class="scroll"><table><tr><th class="number">version</th><th>from</th><th>made</th>\
            <th class="number">trained on</th><th class="number">right when judged</th><th></th></tr>\(rows)</table></div></section>
            """
    }

    var glossary: HTML {
        let words: [(String, String)] = [
            (
                "Promised",
                "What the version scored when the gate judged it, on rows that it had never learned from. "
                    + "Later life is measured against it, with a small tolerance."
            ),
            (
                "95 % certainty",
                "The interval since promotion holds at all times together, so that it may be looked at "
                    + "every minute. Those of single points and parts hold each for itself."
            ),
            (
                "Evidence",
                "A number that stays small while the promise holds: to reach the alarm by chance takes at least the "
                    + "labels named above, on average. Once the promise is broken it grows fast."
            ),
            (
                "Gate",
                "A new version is compared with the live one on the same rows, answer by answer. It must be better "
                    + "beyond chance on fresh rows and must not have forgotten the old ones."
            ),
        ]
        let entries = words.map { word, meaning -> HTML in "<dt>\(word)</dt><dd>\(meaning)</dd>" }
        return "<section><details><summary>How to read this</summary><dl>\(entries)</dl></details></section>"
    }

    var footer: HTML {
        "<footer>Made by Hone on \(moment(report.generatedAt)) UTC.</footer>"
    }
}
