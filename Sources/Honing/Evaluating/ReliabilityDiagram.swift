/// What answers claim to the right, how many are right to the top, as SVG: on the diagonal both are one.
///
/// The dots are tenths of confidence, larger where more rows are, each with its 95 % interval.
struct ReliabilityDiagram {
    let bins: [ReliabilityBin]
    let side = 340.0
    private let left = 46.0
    private let bottom = 300.0
    private let top = 12.0

    init(_ bins: [ReliabilityBin]) { self.bins = bins }

    /// The `<svg>` element.
    var svg: HTML {
        let (width, height) = ("\(Int(side))", "\(Int(bottom) + 36)")
        let diagonal: HTML =
            "<path class=\"promise\" d=\"M\(x(0)) \(y(0))L\(x(1)) \(y(1))\"/>"
        return """
            <svg viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
            aria-labelledby="reliability-title reliability-desc"><title id="reliability-title">Right answers by \
            confidence</title><desc id="reliability-desc">\(description)</desc>\(grid)\(diagonal)\(bins.map(dot))\
            <text class="tick" x="\(decimals((left + side - 14) / 2, 1))" y="\(decimals(bottom + 33, 1))">confidence</text></svg>
            """
    }

    private var description: String {
        bins.map {
            "\(counted($0.count, "answer")) of \(percent($0.confidence)) confidence: \(percent($0.accuracy)) right"
        }.joined(separator: "; ")
    }

    private func x(_ share: Double) -> String { decimals(left + (side - 14 - left) * share, 1) }
    private func y(_ share: Double) -> String { decimals(bottom - (bottom - top) * share, 1) }

    private var grid: [HTML] {
        [0, 0.25, 0.5, 0.75, 1].map { share -> HTML in
            let name = decimals(share * 100, 0) + " %"
            return """
                <line class="grid" x1="\(x(0))" x2="\(x(1))" y1="\(y(share))" y2="\(y(share))"/>\
                <text class="tick y" x="\(decimals(left - 6, 1))" y="\(y(share - 0.013))">\(name)</text>\
                <text class="tick" x="\(x(share))" y="\(decimals(bottom + 16, 1))">\(name)</text>
                """
        }
    }

    private func dot(_ bin: ReliabilityBin) -> HTML {
        let most = Double(bins.map(\.count).max() ?? 1)
        let radius = 3 + 5 * (Double(bin.count) / most).squareRoot()
        return """
            <g><title>\(counted(bin.count, "answer")), \(percent(bin.accuracy)) right</title>\
            <line class="curve" x1="\(x(bin.confidence))" x2="\(x(bin.confidence))" \
            y1="\(y(bin.interval.lowerBound))" y2="\(y(bin.interval.upperBound))"/>\
            <circle class="dot" cx="\(x(bin.confidence))" cy="\(y(bin.accuracy))" r="\(decimals(radius, 1))"/></g>
            """
    }
}
