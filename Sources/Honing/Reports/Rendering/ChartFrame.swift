import Foundation

/// The coordinates of an accuracy chart: time to the right, share to the top.
struct ChartFrame {
    /// Rows of lettered circles above the curve.
    static let markerRows = 3

    let left = 46.0
    let right: Double
    let top = 68.0
    let bottom: Double
    private let start: Date
    private let end: Date
    private let low: Double
    private let high: Double

    init?(_ chart: SVGChart) {
        guard let first = chart.series.first, let last = chart.series.last else { return nil }
        start = first.since
        end = max(last.until, first.since.addingTimeInterval(1))
        right = Double(chart.width) - 14
        bottom = Double(chart.height) - 26
        let values = chart.series.flatMap { [$0.lower, $0.upper] } + chart.promises.values
        let least = ((values.min() ?? 0) * 10).rounded(.down) / 10
        let most = ((values.max() ?? 1) * 10).rounded(.up) / 10
        low = max(0, least)
        high = min(1, max(most, least + 0.1))
    }

    func x(_ date: Date) -> Double {
        left + (right - left) * date.timeIntervalSince(start) / end.timeIntervalSince(start)
    }

    func y(_ share: Double) -> Double {
        bottom - (bottom - top) * (min(high, max(low, share)) - low) / (high - low)
    }

    func point(_ x: Double, _ share: Double) -> String { "\(decimals(x, 1)),\(decimals(y(share), 1))" }

    func contains(_ date: Date) -> Bool { date >= start && date <= end }

    /// Axes, lines and their labels.
    var grid: HTML {
        let isFine = high - low <= 0.3
        let step = isFine ? 0.05 : high - low > 0.6 ? 0.2 : 0.1
        let first = Int((low / step - 1e-9).rounded(.up))
        let last = Int((high / step + 1e-9).rounded(.down))
        let shares = (first...max(first, last)).map { Double($0) * step }
        let rows = shares.map { share -> HTML in
            let y = decimals(y(share), 1)
            return """
                <line class="grid" x1="\(decimals(left, 1))" x2="\(decimals(right, 1))" y1="\(y)" y2="\(y)"/>\
                <text class="tick y" x="\(decimals(left - 6, 1))" y="\(decimals(self.y(share) + 4, 1))">\
                \(decimals(share * 100, 0)) %</text>
                """
        }
        let axis = TimeAxis(from: start, to: end, most: Int((right - left) / 95))
        let columns = axis.ticks.map { tick -> HTML in
            """
            <text class="tick" x="\(decimals(min(right - 16, max(left + 12, x(tick.at))), 1))" y="\(decimals(bottom + 18, 1))">\
            \(tick.label)</text>
            """
        }
        return "\(rows)\(columns)"
    }
}
