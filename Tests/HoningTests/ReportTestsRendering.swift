import Drift
import Foundation
import Honing
import TestSupport
import Testing

/// What people see in a terminal and a browser.
@Suite struct ReportTestsRendering {
    private func report(_ chapter: Story.Chapter) throws -> DriftReport {
        DriftReportBuilder(try Story.facts(chapter)).report()
    }

    private func status() throws -> Status {
        try decoded(String(decoding: try fixture("status.json"), as: UTF8.self))
    }

    // MARK: Terminal

    @Test func `the report for a terminal`() throws {
        try expectSnapshot(TextReport.render(report(.refused), colour: false) + "\n", "report.txt")
    }

    @Test func `the status for a terminal`() throws {
        try expectSnapshot(StatusText.render(status(), colour: false) + "\n", "status.txt")
    }

    @Test(arguments: Story.Chapter.allCases)
    func `no line is wider than eighty columns, with colour as without`(_ chapter: Story.Chapter) throws {
        let plain = TextReport.render(try report(chapter), colour: false)
        for line in plain.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }

        let colour = TextReport.render(try report(chapter), colour: true)
        #expect(colour.contains("\u{1B}["))
        #expect(colour.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
    }

    @Test func `the status fits eighty columns whatever is in it`() throws {
        var status = try status()
        status.decision =
            String(repeating: "a very long decision ", count: 20) + String(repeating: "x", count: 200)
        status.sources[0].lastError = String(repeating: "no route to host; ", count: 20)
        status.sources[0].failures = 3
        let plain = StatusText.render(status, colour: false)

        for line in plain.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(StatusText.render(status, colour: true).replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
    }

    @Test(arguments: [(Story.Chapter.refused, "refused"), (.recovered, "promoted")])
    func `the last run says once how it ended`(_ chapter: Story.Chapter, _ word: String) throws {
        var status = try status()
        status.lastRun = try report(chapter).runs.first

        let text = StatusText.render(status, colour: false).replacing(/\n +/, with: " ")
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("last run") })
        #expect(line.hasPrefix("last run   run 1 ended 23 Nov 2026"))
        #expect(line.ranges(of: word).count == 1, "\(line)")
    }

    @Test func `a promotion by the gate is told once`() throws {
        var facts = try Story.facts(.recovered)
        let last = try #require(facts.promotions.indices.last)
        facts.promotions[last].reason = "promoted: fresh +10.0 points"

        let events = DriftReportBuilder(facts).report().events.filter { $0.kind == .promotion }
        #expect(
            events.map(\.detail).contains(
                "version 2 became live instead of version 1: promoted: fresh +10.0 points"))
    }

    @Test func `a line for the service manager`() throws {
        #expect(
            try status().line
                == "version 1: right on 58.2 % of the newest labels, alarm, run 3 at 120/400, 12,480 requests"
        )
    }

    @Test func `names from outside cannot steer a terminal`() throws {
        var status = try status()
        status.model?.name = "evil\u{1B}]0;owned\u{7}\u{202E}"
        status.sources[0].name = "a\u{1B}[2Jb\nc"
        var facts = try Story.facts(.alarm)
        facts.modelName = status.model!.name

        let texts = [
            StatusText.render(status, colour: false),
            TextReport.render(DriftReportBuilder(facts).report(), colour: false),
        ]
        for text in texts {
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        }
    }

    @Test(arguments: [
        (4.301, "20,000"), (6.99, "9.8 million"), (0.0, "1.0"), (-1.2, "0.1"), (1.5, "32"), (3.999, "10,000"),
        (14.0, "100 trillion"), (40.0, "over a thousand trillion"), (-Double.infinity, "0"),
    ])
    func `evidence is told as a number that people can compare`(_ exponent: Double, _ text: String) {
        #expect(magnitude(log10: exponent) == text)
    }

    @Test func `a run tells its progress and its end`() throws {
        var running = try #require(try report(.training).runs.first)
        #expect(
            running.progressLine
                == "run 1  ██████               step 120 of 400, loss 0.512, development 80.3 %, 1 min 35 s left"
        )
        #expect(!running.isFinished)
        running.level = "head"
        #expect(running.progressFigures.hasPrefix("head: step 120 of 400, "))
        running.totalSteps = 0
        #expect(running.progressFigures == "head: preparing")

        let refused = try #require(try report(.refused).runs.first)
        #expect(refused.isFinished && !refused.isPromoted)
        #expect(refused.verdictText.contains("✗ benefit"))
        #expect(refused.verdictText.hasPrefix("Run 1: refused:"))
    }

    @Test func `versions are a table with the live one marked`() throws {
        let table = ModelSummary.table(try report(.recovered).versions, colour: false)

        try expectSnapshot(table + "\n", "versions.txt")
    }
}
