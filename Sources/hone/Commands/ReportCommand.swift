import ArgumentParser
import Foundation
import Honing

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "The drift report: is it fine, how sure, since when, why, what to do.",
        discussion: """
            EXAMPLES
              hone report                              since the last change of model
              hone report --since 7d                   the last seven days
              hone report --format html -o drift.html  one file to mail or print
              hone report --format json | jq .headline
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, html, json }

    @OptionGroup var daemon: DaemonOptions

    @Option(help: "text, html or json.")
    var format: Format = .text

    @Option(help: "The beginning: a time (2026-11-23T10:00:00Z), a day (2026-11-23) or an age (36h, 7d).")
    var since: String?

    @Option(help: "The end, likewise; now by default.")
    var until: String?

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.")
    var output: String?

    func run() async throws {
        try await reporting {
            let now = Date()
            let (since, until) = (
                try since.map { try moment($0, before: now) }, try until.map { try moment($0, before: now) }
            )
            guard since ?? .distantPast < until ?? now else {
                throw ValidationError(
                    "the report would end before it begins: --since must lie before --until")
            }
            let report = try await load(since: since, until: until)
            let format = daemon.json ? .json : format
            if format == .json, output == nil { return try Terminal.print(json: report) }
            let text =
                switch format {
                case .text: TextReport.render(report, colour: output == nil && Terminal.hasColour)
                case .html: HTMLReport.render(report)
                case .json: try encoded(report)
                }
            guard let output else { return print(text) }
            do {
                try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
            } catch {
                throw Failure(.file, "\(output) cannot be written: \(obstacle(error))")
            }
            Terminal.note("wrote \(output)")
        }
    }

    private func load(since: Date?, until: Date?) async throws -> DriftReport {
        let query = [("since", since), ("until", until)].compactMap { name, date in
            date.map { "\(name)=\($0.ISO8601Format())" }
        }
        return try await daemon.ask(
            "/report" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        ) { try await $0.report(since: since, until: until) }
    }

    private func encoded(_ report: DriftReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }
}

/// A moment as people write it: a time, a day, or an age before `now`.
func moment(_ text: String, before now: Date) throws -> Date {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ units[$0] }), let count = Double(text.dropLast()), count >= 0 {
        return now.addingTimeInterval(-count * unit)
    }
    if let date = try? Date(text, strategy: .iso8601) { return date }
    if let day = try? Date(text + "T00:00:00Z", strategy: .iso8601) { return day }
    throw ValidationError(
        "\"\(text)\" is no time: write 2026-11-23T10:00:00Z, 2026-11-23, or an age such as 36h or 7d")
}
