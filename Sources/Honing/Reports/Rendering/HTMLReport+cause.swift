import Drift

/// Why, with everything that shows it.
extension HTMLReportPage {
    /// Public: the dashboard shows it too.
    public var cause: HTML {
        guard let cause = report.cause else { return "" }
        let figures = cause.figures.map { figure -> HTML in
            """
            <tr><td>\(figure.title)</td><td class="number">\(figure.now)</td>\
            <td class="number">\(figure.before)</td><td class="number">\(figure.chance)</td></tr>
            """
        }
        let entries =
            [("What to do", cause.remedy)] + (cause.beginning.map { [("It began", $0)] } ?? [])
            + words("Used more often", cause.rising) + words("Used less often", cause.falling)
            + cause.confused.map { ("Confused", $0.sentence) }
            + (cause.missing.isEmpty ? [] : [("To be surer", listed(cause.missing) + " would help")])
        let rows = entries.map { question, answer -> HTML in
            "<dt>\(question)</dt><dd>\(answer.asSentence)</dd>"
        }
        return """
            <section><h2>Why: \(cause.title)</h2><p class="note">\(cause.basis). Chance is the probability of such a \
            difference where nothing changed.</p><dl class="answers">\(rows)</dl>
            <div class="scroll"><table><tr><th>figure</th><th class="number">now</th>\
            <th class="number">before</th><th class="number">chance</th></tr>\(figures)</table></div>\
            \(examples(cause.examples))</section>
            """
    }

    private func words(_ lead: String, _ words: [CauseReport.Word]) -> [(String, String)] {
        words.isEmpty ? [] : [(lead, words.map(\.note).joined(separator: ", "))]
    }

    private func examples(_ examples: [CauseReport.Example]) -> HTML {
        guard !examples.isEmpty else { return "" }
        let rows = examples.map { example -> HTML in
            """
            <tr><td>\(example.text)</td><td>\(example.label)</td><td>\(example.predicted)</td>\
            <td class="number">\(percent(example.confidence))</td></tr>
            """
        }
        return """
            <h3>Rows that show it</h3><div class="scroll"><table><tr><th>text</th><th>is</th><th>was called</th>\
            <th class="number">surely</th></tr>\(rows)</table></div>
            """
    }

    var worstSlices: HTML {
        guard let slices = report.worstSlices, !slices.isEmpty else { return "" }
        let rows = slices.map { slice -> HTML in
            let state = slice.isWorse ? "drift state" : ""
            return """
                <tr><td class="\(state)">\(slice.title)</td><td class="number">\(grouped(slice.count))</td>\
                <td class="number">\(percent(slice.accuracy))</td>\
                <td class="number">\(percent(slice.accuracyOutside))</td>\
                <td class="number">\(probability(slice.pValue))</td></tr>
                """
        }
        return """
            <section><h2>Worst parts</h2><p class="note">Each beside all other rows. Chance is corrected for the \
            number of parts that were looked at.</p><div class="scroll"><table><tr><th>part</th>\
            <th class="number">rows</th><th class="number">right</th><th class="number">others</th>\
            <th class="number">chance</th></tr>\(rows)</table></div></section>
            """
    }
}
