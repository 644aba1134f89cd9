import Foundation
import Honing
import TestSupport
import Testing

@Suite struct ReportTests {
    private func report(_ chapter: Story.Chapter) throws -> DriftReport {
        DriftReportBuilder(try Story.facts(chapter)).report()
    }

    // MARK: What it says

    @Test(arguments: [
        (Story.Chapter.movies, Headline.State.fine), (.alarm, .degraded), (.training, .retraining),
        (.refused, .degraded), (.recovered, .fine), (.justPromoted, .notEnoughLabels),
    ])
    func `each chapter of the story has its verdict`(_ chapter: Story.Chapter, _ state: Headline.State) throws
    {
        #expect(try report(chapter).headline.state == state)
    }

    @Test func `no model is a state, not a crash`() throws {
        let now = Story.start
        let report = DriftReportBuilder(ReportFacts(now: now, since: now, until: now, modelName: "none"))
            .report()

        #expect(report.headline.state == .noModel)
        #expect(report.headline.advice == "Import a first model with `hone import FOLDER`.")
        #expect(
            TextReport.render(report, colour: false).contains("No labelled rows in this stretch of time."))
        #expect(HTMLReport.render(report).contains("No model is live yet."))
    }

    @Test func `too few labels are counted, and how many are missing`() throws {
        let headline = try report(.justPromoted).headline

        #expect(headline.sentence == "Not enough labels yet to judge version 2: 10 of 200.")
        #expect(headline.advice == "Send or fetch 190 more labels.")
    }

    @Test func `after an alarm the present is what came since the change`() throws {
        let report = try report(.alarm)

        #expect(report.isSinceChange)
        #expect(try #require(report.present).accuracy < 0.6)
        #expect(report.headline.sentence.contains("since the change"))
        #expect(report.headline.why.contains("\"neutral\" suffers most"))
        #expect(report.headline.since.contains("11:00 UTC"))
    }

    @Test func `a refused challenger is told with the labels that would decide`() throws {
        let headline = try report(.refused).headline

        #expect(headline.done.hasPrefix("Run 1 trained on 4120 rows and was refused"))
        #expect(headline.advice.hasPrefix("Send or fetch "))
    }

    @Test func `where retraining is switched off the report says how to start it`() throws {
        var facts = try Story.facts(.alarm)
        facts.isAutomatic = false

        let headline = DriftReportBuilder(facts).report().headline
        #expect(headline.advice == "Retraining is switched off: start it with `hone retrain --wait`.")
    }

    @Test func `the curve has few points, none of them of two versions, and loses no row`() throws {
        var facts = try Story.facts(.recovered)
        for size in [1, 49, 50, 99, 1_000, 1_500] {
            facts.rows = Array(try Story.facts(.recovered).rows.suffix(size))
            let report = DriftReportBuilder(facts).report()

            #expect(report.series.reduce(0) { $0 + $1.count } == size)
            #expect(report.series.count <= 62)
            #expect(zip(report.series, report.series.dropFirst()).allSatisfy { $0.until <= $1.since })
            #expect(report.series.allSatisfy { $0.lower <= $0.accuracy && $0.accuracy <= $0.upper })
        }
    }

    @Test func `events outside of the stretch are left out, the others are in order`() throws {
        var facts = try Story.facts(.recovered)
        #expect(
            DriftReportBuilder(facts).report().events.map(\.kind)
                == [.promotion, .change, .warning, .alarm, .warning, .retrain, .promotion])

        facts.since = Story.minute(195)
        #expect(DriftReportBuilder(facts).report().events.map(\.kind) == [.retrain, .promotion])
    }

    @Test func `rows that happened long before they were answered stand where they were answered`() throws {
        var facts = try Story.facts(.alarm)
        let year = 365 * 86_400.0
        for index in facts.rows.indices { facts.rows[index].observedAt = facts.rows[index].at - year }
        for index in facts.detections.indices {
            facts.detections[index].changeBeganAt?.addTimeInterval(-year)
        }
        facts.standing?.alarm?.changeBeganAt?.addTimeInterval(-year)

        let (then, now) = (DriftReportBuilder(facts).report(), try report(.alarm))
        #expect(then.series == now.series)
        #expect(then.present == now.present)
        #expect(then.classes == now.classes)
        #expect(
            try #require(then.events.first { $0.kind == .change }?.at)
                .timeIntervalSince(#require(now.events.first { $0.kind == .change }?.at)) < 60)
        #expect(then.headline.since.contains("2025"))
    }

    @Test func `a label that the model does not know is a class of its own`() throws {
        var facts = try Story.facts(.movies)
        facts.rows[facts.rows.count - 1].label = "mixed"
        facts.rows[facts.rows.count - 1].loss = 1

        let row = try #require(DriftReportBuilder(facts).report().classes.first { $0.label == "mixed" })
        #expect(row.support == 1)
        #expect(row.recall == 0)
        #expect(row.shareBefore == nil)
    }

    // MARK: Contracts

    @Test(arguments: Story.Chapter.allCases)
    func `same facts, same report, and JSON brings all of it back`(_ chapter: Story.Chapter) throws {
        let first = try report(chapter)

        #expect(try report(chapter) == first)
        #expect(try decoded(encoded(first)) == first)
    }

    @Test func `the JSON of a report is an interface`() throws {
        try expectSnapshot(encoded(report(.recovered)), "report.json")
    }

    @Test func `the JSON of a status is an interface`() throws {
        let json = String(decoding: try fixture("status.json"), as: UTF8.self)
        let status: Status = try decoded(json)

        #expect(try encoded(status) == json)
    }
}
