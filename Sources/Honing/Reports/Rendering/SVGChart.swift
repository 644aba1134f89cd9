import Foundation

/// The accuracy curve as SVG: line and band for each version, its promise dashed, events as
/// lettered lines. Drawn for one width, so that its text keeps its size on every screen.
///
/// Colours come from the page's custom properties (`ReportStyle.css`).
public struct SVGChart: Sendable {
    public var series: [SeriesPoint]
    public var events: [ReportEvent]
    /// What each version was judged at, by its number.
    public var promises: [Int: Double]
    public var width: Int
    public var height: Int
    /// Distinguishes charts on one page.
    public var id: String

    public init(
        series: [SeriesPoint], events: [ReportEvent], promises: [Int: Double], width: Int = 860,
        height: Int = 320,
        id: String = "accuracy"
    ) {
        self.series = series
        self.events = events
        self.promises = promises
        self.width = width
        self.height = height
        self.id = id
    }

    /// The chart of a report.
    public init(_ report: DriftReport, width: Int = 860, height: Int = 320, id: String = "accuracy") {
        let judged = report.versions.compactMap { version in version.accuracy.map { (version.version, $0) } }
        var promises = Dictionary(judged, uniquingKeysWith: { first, _ in first })
        if let version = report.version, let own = report.accuracy?.baseline?.accuracy {
            promises[version] = own
        }
        self.init(
            series: report.series, events: report.events, promises: promises, width: width, height: height,
            id: id)
    }

    /// The `<svg>` element; empty where there is nothing to draw.
    public var svg: HTML {
        guard let frame = ChartFrame(self) else { return "" }
        return """
            <svg class="chart" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
            aria-labelledby="\(id)-title \(id)-desc">\
            <title id="\(id)-title">Accuracy over time</title><desc id="\(id)-desc">\(description)</desc>\
            \(frame.grid)\(versions.map { self.curve($0, frame) })\(markers(frame))</svg>
            """
    }

    /// What somebody who cannot see the chart should know.
    private var description: String {
        guard let first = series.first, let last = series.last,
            let low = series.min(by: { $0.accuracy < $1.accuracy })
        else { return "" }
        let count = series.reduce(0) { $0 + $1.count }
        let marks = events.filter { $0.kind.letter != nil }.map { "\($0.title) on \(moment($0.at))" }
        return "Share of right answers on \(counted(count, "labelled row")): "
            + "\(percent(first.accuracy)) on \(moment(first.since)), lowest \(percent(low.accuracy)) about "
            + "\(moment(low.since)), \(percent(last.accuracy)) on \(moment(last.until))."
            + (marks.isEmpty ? "" : " Events: \(listed(marks)).")
    }

    /// The points of one version that follow each other.
    private var versions: [ArraySlice<SeriesPoint>] {
        var stretches: [ArraySlice<SeriesPoint>] = []
        var start = 0
        for index in series.indices where index > 0 && series[index].version != series[index - 1].version {
            stretches.append(series[start..<index])
            start = index
        }
        return stretches + [series[start...]]
    }

    // MARK: Curves

    private func curve(_ points: ArraySlice<SeriesPoint>, _ frame: ChartFrame) -> HTML {
        let ends = [points.first!.since] + points.dropFirst().dropLast().map(\.middle) + [points.last!.until]
        let times = points.count == 1 ? [points.first!.since, points.first!.until] : ends
        let values = points.count == 1 ? [points.first!, points.first!] : Array(points)
        let xs = times.map(frame.x)
        let upper = zip(xs, values).map { frame.point($0, $1.upper) }
        let lower = zip(xs, values).map { frame.point($0, $1.lower) }
        let line = zip(xs, values).map { frame.point($0, $1.accuracy) }
        let version = points.first!.version
        let promise: HTML =
            promises[version].map { value in
                let y = decimals(frame.y(value), 1)
                return """
                    <line class="promise" x1="\(decimals(xs.first!, 1))" x2="\(decimals(max(xs.last!, xs.first! + 2), 1))" \
                    y1="\(y)" y2="\(y)"><title>Version \(version) was judged at \(percent(value))</title></line>
                    """
            } ?? ""
        return """
            <polygon class="band" points="\((upper + lower.reversed()).joined(separator: " "))"/>\(promise)\
            <polyline class="curve" points="\(line.joined(separator: " "))"/>\
            \(zip(xs, values).map { self.dot($0, $1, frame) })
            """
    }

    private func dot(_ x: Double, _ point: SeriesPoint, _ frame: ChartFrame) -> HTML {
        let label =
            "\(moment(point.since)): \(percent(point.accuracy)) of \(counted(point.count, "row")), "
            + "95 %: \(percent(point.lower)) to \(percent(point.upper)), version \(point.version)"
        return """
            <circle class="dot" cx="\(decimals(x, 1))" cy="\(decimals(frame.y(point.accuracy), 1))" r="2.5">\
            <title>\(label)</title></circle>
            """
    }

    // MARK: Events

    private func markers(_ frame: ChartFrame) -> [HTML] {
        // Letters that would cover each other stand above each other.
        var lastX = Array(repeating: -100.0, count: ChartFrame.markerRows)
        return events.compactMap { event in
            guard let letter = event.kind.letter, frame.contains(event.at) else { return nil }
            let x = frame.x(event.at)
            let row = lastX.firstIndex { x - $0 >= 20 } ?? ChartFrame.markerRows - 1
            lastX[row] = x
            let y = Double(row) * 20 + 11
            return """
                <g class="event \(event.kind.rawValue)"><title>\(moment(event.at)) \(event.detail)</title>\
                <line x1="\(decimals(x, 1))" x2="\(decimals(x, 1))" y1="\(decimals(y + 9, 1))" \
                y2="\(decimals(frame.bottom, 1))"/><circle cx="\(decimals(x, 1))" cy="\(decimals(y, 1))" r="9"/>\
                <text x="\(decimals(x, 1))" y="\(decimals(y + 4, 1))">\(letter)</text></g>
                """
        }
    }
}

extension SeriesPoint {
    fileprivate var middle: Date { since.addingTimeInterval(until.timeIntervalSince(since) / 2) }
}
