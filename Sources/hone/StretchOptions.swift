import ArgumentParser
import Foundation

/// The beginning of the time that a command looks back at.
struct SinceOption: ParsableArguments {
    @Option(help: "The beginning: a time (2026-11-23T10:00:00Z), a day (2026-11-23) or an age (36h, 7d).")
    var since: String?

    func date(before now: Date = Date()) throws -> Date? { try since.map { try moment($0, before: now) } }
}

/// The stretch of time that a command looks at.
struct StretchOptions: ParsableArguments {
    @OptionGroup var beginning: SinceOption

    @Option(help: "The end, likewise; now by default.")
    var until: String?

    /// - Throws: `ValidationError` where that is no stretch of time.
    func dates(before now: Date = Date()) throws -> (since: Date?, until: Date?) {
        let (since, until) = (
            try beginning.date(before: now), try until.map { try moment($0, before: now) }
        )
        guard since ?? .distantPast < until ?? now else {
            throw ValidationError("it would end before it begins: --since must lie before --until")
        }
        return (since, until)
    }
}

/// A moment as people write it: a time, a day, or an age before `now`.
private func moment(_ text: String, before now: Date) throws -> Date {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()), count >= 0 {
        return now.addingTimeInterval(-count * unit)
    }
    if let date = try? Date(text, strategy: .iso8601) { return date }
    if let day = try? Date(text + "T00:00:00Z", strategy: .iso8601) { return day }
    throw ValidationError(
        "\"\(text)\" is no time: write 2026-11-23T10:00:00Z, 2026-11-23, or an age such as 36h or 7d")
}
