import Foundation
import Honing
import Store
import Testing

/// What is to be said, to whom, and when to try again.
@Suite struct AlertPolicyTests {
    private let noon = Date(timeIntervalSince1970: 1_795_420_800)

    private func event(_ id: String, _ kind: AlertKind, after seconds: Double = 0) -> AlertEvent {
        AlertEvent(
            id: id, kind: kind, at: noon.addingTimeInterval(seconds), version: 1, sentence: "It happened.")
    }

    private func channel(_ name: String, _ kinds: Set<AlertKind>, since seconds: Double = 0) -> AlertChannel {
        AlertChannel(name: name, kinds: kinds, since: noon.addingTimeInterval(seconds))
    }

    // MARK: What and to whom

    @Test func `each channel is told of its kinds, once, of what happened since it was there`() {
        let events = [
            event("detection/1", .driftAlarm), event("promotion/2", .promotion, after: 10),
            event("run/3", .refusal, after: 20),
        ]
        let channels = [
            channel("pager", [.driftAlarm, .rollback]), channel("all", Set(AlertKind.allCases)),
            channel("late", Set(AlertKind.allCases), since: 15),
        ]

        let unsaid = AlertPolicy().unsaid(events, to: channels, told: ["promotion/2": ["all"]])

        #expect(
            unsaid.map { "\($0.event.id) \($0.channel)" } == [
                "detection/1 pager", "detection/1 all", "run/3 all", "run/3 late",
            ])
    }

    // MARK: When again

    private func pause(_ failures: Int, uniform: Double, retryAfter: Duration? = nil) -> Double? {
        AlertPolicy().nextAttempt(
            afterFailures: failures, retryAfter: retryAfter, queuedAt: noon, now: noon, uniform: uniform
        )?.timeIntervalSince(noon)
    }

    @Test func `the wait doubles up to a quarter of an hour, and is drawn by lot`() {
        #expect((0..<9).map { pause($0, uniform: 1) } == [5, 10, 20, 40, 80, 160, 320, 640, 900])
        #expect(pause(3, uniform: 0.5) == 20)
        #expect(pause(3, uniform: 0) == 1)
        #expect(pause(10_000, uniform: 1) == 900)
    }

    @Test func `a receiver's own wish goes before, up to five minutes`() {
        #expect(pause(0, uniform: 0.5, retryAfter: .seconds(42)) == 42)
        #expect(pause(0, uniform: 0.5, retryAfter: .seconds(86_400)) == 300)
    }

    @Test func `after three days it is given up`() {
        func next(after days: Double) -> Date? {
            AlertPolicy().nextAttempt(
                afterFailures: 400, retryAfter: nil, queuedAt: noon,
                now: noon.addingTimeInterval(days * 86_400), uniform: 0.5)
        }
        #expect(next(after: 2.99) != nil)
        #expect(next(after: 3) == nil)
    }

    // MARK: What happened

    @Test func `only an alarm about the promise is one`() throws {
        func detection(_ detector: String, _ verdict: String) -> Detection {
            Detection(
                id: 17, at: noon, detector: detector, verdict: verdict, evidence: 4.4, threshold: 4.301,
                modelVersion: 3)
        }
        let alarm = try #require(AlertEvent(detection("Shiryaev-Roberts", "drift")))
        #expect(alarm.id == "detection/17" && alarm.kind == .driftAlarm && alarm.version == 3)
        #expect(alarm.sentence.hasPrefix("Version 3 is worse than it promised: evidence 25,"))
        #expect(AlertEvent(detection("Shiryaev-Roberts", "warning")) == nil)
        #expect(AlertEvent(detection("ADWIN", "drift")) == nil)
    }

    @Test func `a source that fails again after it was well is another event`() throws {
        var source = SourceRecord(name: "reviews")
        (source.consecutiveFailures, source.lastAttemptAt) = (2, noon)
        source.lastError = "no route"
        #expect(AlertEvent(source, after: 3) == nil)
        source.consecutiveFailures = 3
        let first = try #require(AlertEvent(source, after: 3))
        #expect(first.sentence == "Source reviews failed 3 times in a row: No route.")
        source.consecutiveFailures = 30
        #expect(AlertEvent(source, after: 3)?.id == first.id)
        source.lastSuccessAt = noon
        #expect(AlertEvent(source, after: 3)?.id != first.id)
    }

    @Test func `a run that was refused is told with the gate's sentence, one that failed is not`() throws {
        var run = TrainingRun(
            trigger: "accuracy", reason: "", requestedBy: "policy", baseVersion: 1, queuedAt: noon)
        run.id = 12
        run.finishedAt = noon
        run.state = .failed
        #expect(AlertEvent(run) == nil)
        run.state = .refused
        #expect(try #require(AlertEvent(run)).sentence == "Run 12: Refused by the gate.")
        run.verdict =
            #"{"isPromoted":false,"isHeld":false,"kind":"benefit","checks":[],"sentence":"refused: no benefit"}"#
        #expect(try #require(AlertEvent(run)).sentence == "Run 12: Refused: no benefit.")
    }

    // MARK: The message

    @Test func `a message tells cause, accuracy with its interval, version and link, and survives JSON`()
        throws
    {
        var facts = try Story.facts(.alarm)
        facts.causes = FilmRows.facts(.otherMeaning)
        let report = DriftReportBuilder(facts).report()
        let message = AlertMessage(
            event("detection/17", .driftAlarm), report, model: "sentiment", link: "http://hone/")

        let accuracy = try #require(message.accuracy)
        #expect(accuracy.lower < accuracy.estimate && accuracy.estimate < accuracy.upper)
        #expect(accuracy.newest?.count == report.present?.count)
        #expect(message.cause?.cause == report.cause?.cause && message.cause != nil)
        #expect(message.version == 1 && message.link == "http://hone/" && message.model == "sentiment")
        #expect(try decoded(message.json) == message)

        let bare = AlertMessage(event("run/1", .refusal), nil, model: "sentiment", link: "http://hone/")
        #expect(bare.accuracy == nil && bare.cause == nil)
        #expect(try decoded(bare.json) == bare)
    }
}
