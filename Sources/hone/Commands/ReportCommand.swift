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

    @OptionGroup var stretch: StretchOptions

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.")
    var output: String?

    func run() async throws {
        try await reporting {
            let (since, until) = try stretch.dates()
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
