import Drift
import Foundation
import Honing
import Testing

@Suite struct DriftWatchTests {
    private let labels = ["negative", "positive"]

    /// Rows that are wrong with a given probability, from a seed.
    private func rows(_ count: Int, error: Double, from first: Int64 = 1, seed: UInt64) -> [Observation] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { index in
            let isWrong = Double.random(in: 0..<1, using: &random) < error
            let truth = labels[Int.random(in: 0..<2, using: &random)]
            let other = labels.first { $0 != truth }!
            return Observation(
                exampleID: first + Int64(index),
                at: Date(timeIntervalSince1970: Double(first) + Double(index)),
                label: truth, predicted: isWrong ? other : truth, loss: isWrong ? 1 : 0,
                lossInNats: isWrong ? 1.5 : 0.1, confidence: 0.8, tokens: 20, unknownTokens: 0)
        }
    }

    private var reference: Reference {
        Reference(rows(1_000, error: 0.1, seed: 1), labels: labels, source: "holdout")
    }

    private func watch() -> DriftWatch { DriftWatch(version: 1, reference: reference) }

    @Test func `a stream as good as promised raises no alarm`() {
        var watch = watch()
        for row in rows(5_000, error: 0.1, seed: 2) { _ = watch.observe(row) }

        #expect(watch.alarm == nil)
    }

    @Test func `a fall of accuracy raises one alarm and dates its beginning`() throws {
        var watch = watch()
        var events: [DriftWatch.Event] = []
        for row in rows(2_000, error: 0.1, seed: 3) { events += watch.observe(row) }
        for row in rows(1_000, error: 0.35, from: 2_001, seed: 4) { events += watch.observe(row) }

        let alarms = events.filter { $0.detector == ShiryaevRoberts.name && $0.verdict == .drift }
        let alarm = try #require(alarms.first)
        #expect(alarms.count == 1)
        #expect(alarm.evidence >= alarm.threshold)
        #expect(alarm.row.exampleID < 2_200)
        // Rows are numbered from 1, and what came later is not counted.
        #expect(watch.countAtAlarm == Int(alarm.row.exampleID))
        let began = try #require(alarm.changeBeganWith)
        #expect((1_900...2_100).contains(began))
    }

    @Test func `a restart equals no restart`() {
        let stream = rows(800, error: 0.1, seed: 5) + rows(150, error: 0.3, from: 801, seed: 6)
        var uninterrupted = watch()
        for row in stream { _ = uninterrupted.observe(row) }

        var replayed = watch()
        for row in stream { _ = replayed.observe(row) }

        #expect(replayed.detector.logEvidence == uninterrupted.detector.logEvidence)
        #expect(replayed.window == uninterrupted.window)
        #expect(replayed.alarm == uninterrupted.alarm)
    }

    @Test func `the interval holds the estimate and narrows with rows`() throws {
        var watch = watch()
        for row in rows(100, error: 0.2, seed: 7) { _ = watch.observe(row) }
        let early = try #require(watch.accuracy)
        for row in rows(2_000, error: 0.2, from: 101, seed: 8) { _ = watch.observe(row) }
        let late = try #require(watch.accuracy)

        #expect(early.interval.contains(early.estimate))
        #expect(late.interval.contains(late.estimate))
        let width = { (range: ClosedRange<Double>) in range.upperBound - range.lowerBound }
        #expect(width(late.interval) < width(early.interval) / 2)
    }

    @Test func `the window forgets what is old`() {
        var watch = DriftWatch(version: 1, reference: reference, settings: .init(window: 100))
        for row in rows(500, error: 0.5, seed: 9) { _ = watch.observe(row) }
        for row in rows(100, error: 0, from: 501, seed: 10) { _ = watch.observe(row) }

        #expect(watch.windowAccuracy == 1)
        #expect(watch.window.count == 100)
    }
}
