import Drift

/// Why, with everything that shows it.
extension TextReportPage {
    var cause: [String] {
        guard let cause = report.cause else { return [] }
        let head =
            "  " + TextLayout.cell("", 39)
            + ["now", "before", "chance"].map {
                TextLayout.cell($0, 13, right: true)
            }.joined()
        let figures = cause.figures.map { figure in
            "  " + TextLayout.cell(figure.title, 39)
                + [figure.now, figure.before, figure.chance].map { TextLayout.cell($0, 13, right: true) }
                .joined()
        }
        return [
            title("Why: \(cause.title)"), entry("compared", cause.basis), entry("what to do", cause.remedy),
        ]
            + (cause.beginning.map { [entry("it began", $0)] } ?? [])
            + [ink.dim(head)] + figures + words("more often", cause.rising)
            + words("less often", cause.falling)
            + cause.confused.map { entry("confused", $0.sentence) }
            + cause.examples.map {
                entry("example", "“\($0.text)” is \($0.label), was called \($0.predicted)")
            }
            + (cause.missing.isEmpty
                ? [] : [entry("to be surer", listed(cause.missing) + " would help")])
    }

    private func words(_ lead: String, _ words: [CauseReport.Word]) -> [String] {
        words.isEmpty ? [] : [entry(lead, words.map(\.note).joined(separator: ", "))]
    }

    private func entry(_ lead: String, _ text: String) -> String {
        let lead = "  " + TextLayout.cell(lead, 11) + " "
        return TextLayout.wrapped(text, lead: lead, indent: lead.count)
    }

    var worstSlices: [String] {
        guard let slices = report.worstSlices, !slices.isEmpty else { return [] }
        let head =
            "  " + TextLayout.cell("", 32)
            + ["rows", "right", "others", "chance"].map { TextLayout.cell($0, 11, right: true) }.joined()
        return [title("Worst parts", "against all other rows; chance is corrected for their number")]
            + [ink.dim(head)]
            + slices.map { slice in
                let line =
                    "  " + TextLayout.cell(slice.title, 32)
                    + [
                        grouped(slice.count), percent(slice.accuracy), percent(slice.accuracyOutside),
                        probability(slice.pValue).replacing("below ", with: "<"),
                    ].map { TextLayout.cell($0, 11, right: true) }.joined()
                return slice.isWorse ? ink.bad(line) : line
            }
    }
}
