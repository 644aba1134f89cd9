import Drift

/// An evaluation as one HTML file.
public struct EvaluationPage: Sendable {
    let evaluation: FolderEvaluation
    /// What the model and the rows are called.
    let model: String
    let rows: String

    public init(_ evaluation: FolderEvaluation, model: String, rows: String) {
        self.evaluation = evaluation
        self.model = model
        self.rows = rows
    }

    public var html: String {
        let head: HTML =
            "<header><h1>Evaluation · \(model)</h1><span class=\"range\">on \(rows)</span></header>"
        return HTML.page(title: "Evaluation · \(model)", [head, tiles, table, reliability, slices]).text
    }

    // MARK: Figures

    private var tiles: HTML {
        func tile(_ title: String, _ figure: String, _ note: String = "") -> HTML {
            "<div class=\"tile\"><span>\(title)</span><b>\(figure)</b><span>\(note)</span></div>"
        }
        let tiles: [HTML]
        switch evaluation.figures {
        case .classes(let figures):
            let ends = [figures.interval.lowerBound, figures.interval.upperBound].map(percent)
            tiles = [
                tile(
                    "accuracy", percent(figures.accuracy),
                    "\(ends[0]) to \(ends[1]), \(counted(figures.count, "row"))"),
                tile("macro-F1", decimals(figures.macroF1, 3)),
                tile("log-loss", decimals(figures.logLoss, 3), "nats"),
                tile("calibration error", percent(figures.calibrationError)),
            ]
        case .task(let figures):
            let headline = figures.headline
            let ends = [figures.interval.lowerBound, figures.interval.upperBound].map {
                TaskEvaluation.Figure(name: "", value: $0, isShare: headline.isShare).written
            }
            tiles =
                [
                    tile(
                        headline.name, headline.written,
                        "\(ends[0]) to \(ends[1]), \(counted(figures.count, "row"))")
                ] + figures.figures.map { tile($0.name, $0.written) }
        }
        return "<section><div class=\"tiles\">\(tiles)</div></section>"
    }

    private var table: HTML {
        switch evaluation.figures {
        case .classes(let figures): return confusion(figures)
        case .task(let figures):
            guard !figures.classes.isEmpty else { return "" }
            let rows = figures.classes.map { row -> HTML in
                """
                <tr><td>\(row.name)</td>\([row.precision, row.recall, row.f1].map { number(percent($0)) })\
                \(number(grouped(row.count)))</tr>
                """
            }
            return """
                <section><h2>By class</h2><div class="scroll"><table><tr><th></th><th class="number">precision</th>\
                <th class="number">recall</th><th class="number">F1</th><th class="number">there</th></tr>\(rows)\
                </table></div></section>
                """
        }
    }

    private func confusion(_ figures: Evaluation) -> HTML {
        let names = figures.labels
        let rows = zip(names, figures.confusion).enumerated().map { place, row -> HTML in
            let cells = row.1.enumerated().map { column, count -> HTML in
                let figure: HTML =
                    column == place ? "<strong>\(grouped(count))</strong>" : "\(grouped(count))"
                return "<td class=\"number\">\(figure)</td>"
            }
            let all = row.1.reduce(0, +)
            let right = all == 0 ? "–" : percent(Double(row.1[place]) / Double(all))
            return "<tr><th scope=\"row\">\(row.0)</th>\(cells)\(number(right))</tr>"
        }
        let heads = names.map { name -> HTML in "<th scope=\"col\" class=\"number\">\(name)</th>" }
        return """
            <section><h2>What is taken for what</h2><p class="note">The truth by row, the answer by column; right \
            ones are bold.</p><div class="scroll"><table><tr><th></th>\(heads)<th class="number">right</th></tr>\(rows)\
            </table></div></section>
            """
    }

    private func number(_ text: String) -> HTML { "<td class=\"number\">\(text)</td>" }

    // MARK: Confidence and parts

    private var reliability: HTML {
        let bins = evaluation.reliability
        guard !bins.isEmpty else { return "" }
        let off = bins.filter { !$0.isBorneOut }
        let rows = bins.map { bin -> HTML in
            """
            <tr><td>\(decimals(bin.lower * 100, 0)) to \(decimals(bin.upper * 100, 0)) %</td>\(number(grouped(bin.count)))\
            \(number(percent(bin.confidence)))\(number(percent(bin.accuracy)))\
            <td>\(bin.isBorneOut ? "" : bin.complaint)</td></tr>
            """
        }
        let sentence =
            off.isEmpty
            ? "In every tenth of confidence as many answers are right as it says, within chance."
            : "In \(off.count) of \(bins.count) tenths of confidence the share of right answers is another, beyond chance."
        return """
            <section><h2>Is its confidence to be believed?</h2><p class="note">\(sentence) On the dashed line claim and \
            truth are one; a dot below it is too sure.</p><figure>\(ReliabilityDiagram(bins).svg)</figure>\
            <div class="scroll"><table><tr><th>confidence</th><th class="number">rows</th><th class="number">mean</th>\
            <th class="number">right</th><th></th></tr>\(rows)</table></div></section>
            """
    }

    private var slices: HTML {
        guard !evaluation.slices.isEmpty else { return "" }
        let rows = evaluation.slices.prefix(20).map { slice -> HTML in
            """
            <tr><td>\(slice.name)</td>\(number(grouped(slice.count)))\(number(percent(1 - slice.meanLoss)))\
            \(number(percent(1 - slice.meanLossOutside)))\(number(slice.writtenP))\
            <td>\(slice.isWorse ? "worse" : "")</td></tr>
            """
        }
        return """
            <section><h2>Parts of the rows</h2><p class="note">Each beside all other rows, the worst first; p by Welch's \
            test, corrected by Holm for all parts that were looked at. Parts of fewer than 50 rows are not.</p>\
            <div class="scroll"><table><tr><th></th><th class="number">rows</th><th class="number">score</th>\
            <th class="number">others</th><th class="number">p</th><th></th></tr>\(rows)</table></div></section>
            """
    }
}
