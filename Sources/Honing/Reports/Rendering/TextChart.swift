import Foundation

/// The accuracy curve in characters: columns in eighths, the promise as a dashed line, events below.
struct TextChart {
    let series: [SeriesPoint]
    let events: [ReportEvent]
    /// The accuracy promised, if known.
    let promise: Double?
    let ink: Ink

    private static let rows = 7
    private static let margin = 8
    private static let width = 60

    /// The lines of the chart; empty where there is nothing to draw.
    var lines: [String] {
        guard let first = series.first, let last = series.last else { return [] }
        let columns = columns(Self.width)
        let (low, high) = range
        let blocks = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        var result: [String] = []
        for row in (0..<Self.rows).reversed() {
            let floor = low + (high - low) * Double(row) / Double(Self.rows)
            let step = (high - low) / Double(Self.rows)
            let isPromise = promise.map { $0 >= floor && $0 < floor + step } ?? false
            let body = columns.map { value -> String in
                guard let value else { return isPromise ? "┄" : " " }
                let eighths = Int(((value - floor) / step * 8).rounded())
                if eighths <= 0 { return isPromise ? "┄" : " " }
                return blocks[min(8, eighths)]
            }
            let isLabelled = row == Self.rows - 1 || row == 0 || isPromise
            let shown = isPromise ? promise! : row == 0 ? low : floor + step
            let label = isLabelled ? percent(shown).replacing(".0 %", with: " %") : ""
            let trailer = isPromise ? ink.dim(" promised") : ""
            result.append(label.leftPadded(to: Self.margin - 2) + " │" + ink.accent(body.joined()) + trailer)
        }
        result.append(
            String(repeating: " ", count: Self.margin - 1) + "└"
                + String(repeating: "─", count: columns.count))
        result += markers(first.since, last.until, columns.count)
        return result
    }

    /// The values a column; a column between two points repeats the point that it lies in.
    private func columns(_ count: Int) -> [Double?] {
        let (start, end) = (series.first!.since, series.last!.until)
        let length = max(end.timeIntervalSince(start), 0.001)
        return (0..<count).map { column in
            let time = start.addingTimeInterval(length * (Double(column) + 0.5) / Double(count))
            return series.last { $0.since <= time }.map(\.accuracy)
        }
    }

    private var range: (Double, Double) {
        let values = series.map(\.accuracy) + [promise].compactMap { $0 }
        let low = ((values.min()! - 0.05) * 20).rounded(.down) / 20
        let high = ((values.max()! + 0.02) * 20).rounded(.up) / 20
        return (max(0, low), min(1, max(high, low + 0.1)))
    }

    private func markers(_ start: Date, _ end: Date, _ count: Int) -> [String] {
        let length = max(end.timeIntervalSince(start), 0.001)
        var line = Array(repeating: " ", count: count)
        for event in events {
            guard let letter = event.kind.letter else { continue }
            let share = event.at.timeIntervalSince(start) / length
            guard share >= 0, share <= 1.05 else { continue }
            line[min(count - 1, Int(share * Double(count)))] = letter
        }
        let margin = String(repeating: " ", count: Self.margin)
        let needsSeconds = length < 3_600
        let (from, to) = (shortMoment(start, needsSeconds), shortMoment(end, needsSeconds))
        let gap = String(repeating: " ", count: max(1, count - from.count - to.count))
        let axis = ink.dim(margin + from + gap + to)
        let letters = line.joined()
        guard letters.contains(where: { $0 != " " }) else { return [axis] }
        let used = ReportEvent.Kind.allCases.filter { kind in kind.letter.map { line.contains($0) } ?? false }
        let legend = used.map { "\($0.letter!) \($0.word)" }.joined(separator: " · ")
        return [margin + letters, axis, ink.dim(margin + legend)]
    }

    private func shortMoment(_ date: Date, _ seconds: Bool) -> String {
        let parts = DayParts(date)
        return "\(parts.day) \(DayParts.months[parts.month - 1]) \(two(parts.hour)):\(two(parts.minute))"
            + (seconds ? ":\(two(parts.second))" : "")
    }
}

extension ReportEvent.Kind {
    /// The letter on the time axis; a detector's aside has none.
    var letter: String? {
        switch self {
        case .change: "C"
        case .alarm: "A"
        case .retrain: "R"
        case .promotion: "P"
        case .refusal: "X"
        case .rollback: "B"
        case .failure: "F"
        case .warning: nil
        }
    }

    /// What the letter stands for.
    var word: String {
        switch self {
        case .change: "change began"
        case .warning: "warning"
        case .alarm: "alarm"
        case .retrain: "retrain"
        case .promotion: "promoted"
        case .refusal: "refused"
        case .rollback: "rolled back"
        case .failure: "run failed"
        }
    }
}
