import Drift

// What is known without labels, for a terminal and a browser, its caveat always beside it.

extension TextReportPage {
    var labelFree: [String] {
        guard let estimate = report.labelFree else { return [] }
        func share(_ value: Double?) -> String { TextLayout.cell(value.map(percent) ?? "–", 12, right: true) }
        let head =
            "  " + TextLayout.cell("class", 22)
            + ["before", "answered", "likely", "by BBSE"].map { TextLayout.cell($0, 12, right: true) }
            .joined()
        let rows = estimate.classes.map {
            "  " + TextLayout.cell($0.label, 22) + share($0.before) + share($0.predicted) + share($0.likely)
                + share($0.blackBox)
        }
        return [
            title("Without labels", "what its own confidence foretells"),
            TextLayout.wrapped(estimate.sentence, lead: "  ", indent: 2),
            TextLayout.wrapped(estimate.caveat, lead: "  ", indent: 2),
        ] + [ink.dim(head)] + rows
    }
}

extension HTMLReportPage {
    /// Public: the dashboard shows it too.
    public var labelFree: HTML {
        guard let estimate = report.labelFree else { return "" }
        let rows = estimate.classes.map { row -> HTML in
            """
            <tr><td>\(row.label)</td><td class="number">\(percent(row.before))</td>\
            <td class="number">\(percent(row.predicted))</td><td class="number">\(row.likely.map(percent) ?? "–")</td>\
            <td class="number">\(row.blackBox.map(percent) ?? "–")</td></tr>
            """
        }
        let fit = estimate.labelShiftFitPValue.map {
            " That only the shares of the classes changed has a chance of \(probability($0))."
        }
        return """
            <section><h2>Without labels</h2><p>\(estimate.sentence)</p><p class="note">\(estimate.caveat)</p>
            <h3>How often each class occurs, if nothing but the shares changed</h3>\
            <p class="note">Macro-F1 \(percent(estimate.macroF1)), \(percent(estimate.macroF1Lower)) to \
            \(percent(estimate.macroF1Upper)); temperature \(decimals(estimate.temperature, 2)).\(fit ?? "")</p>
            <div class="scroll"><table><tr><th>class</th><th class="number">when judged</th>\
            <th class="number">answered</th><th class="number">likely (EM)</th>\
            <th class="number">by BBSE</th></tr>\(rows)</table></div></section>
            """
    }
}
