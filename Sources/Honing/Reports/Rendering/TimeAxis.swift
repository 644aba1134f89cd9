import Foundation

/// Ticks for a stretch of time at moments that people count in: full minutes, hours, days, months.
struct TimeAxis {
    struct Tick {
        let at: Date
        let label: String
    }

    let ticks: [Tick]

    private static let steps: [Double] = [
        1, 5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
        604_800,
        1_209_600, 2_592_000, 7_776_000, 15_552_000, 31_536_000,
    ]

    /// - Parameter most: how many ticks fit.
    init(from start: Date, to end: Date, most: Int) {
        let length = max(1, end.timeIntervalSince(start))
        let step = Self.steps.first { length / $0 <= Double(most) } ?? length / Double(most)
        let first = (start.timeIntervalSince1970 / step).rounded(.up) * step
        var ticks: [Tick] = []
        var time = first
        while time <= end.timeIntervalSince1970, ticks.count <= most {
            let date = Date(timeIntervalSince1970: time)
            ticks.append(Tick(at: date, label: Self.label(date, step: step)))
            time += step
        }
        self.ticks = ticks
    }

    private static func label(_ date: Date, step: Double) -> String {
        let parts = DayParts(date)
        let clock = "\(two(parts.hour)):\(two(parts.minute))"
        if step < 60 { return clock + ":\(two(parts.second))" }
        if step < 43_200 {
            return clock == "00:00" ? "\(parts.day) \(DayParts.months[parts.month - 1])" : clock
        }
        if step < 2_592_000 { return "\(parts.day) \(DayParts.months[parts.month - 1])" }
        return "\(DayParts.months[parts.month - 1]) \(parts.year)"
    }
}
