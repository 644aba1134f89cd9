import Foundation
import Store
import Testing

@Suite struct RecordingTests {
    @Test func `an answer comes back as it was given`() async throws {
        let store = try await Database.withLiveVersion()
        var given = prediction("r1", "naïve 🦉")
        given.pair = "second"

        try await store.insert(predictions: [given])

        given.id = 1
        #expect(try await store.prediction(requestID: "r1", item: 0) == given)
        #expect(try await store.prediction(requestID: "r1", item: 1) == nil)
        #expect(try await store.prediction(requestID: "r1\0", item: 0) == nil)
        #expect(try await store.predictions(from: noon(), to: noon(1), limit: 9) == [given])
        #expect(try await store.predictions(from: noon(1), to: noon(2), limit: 9).isEmpty)
    }

    @Test func `an answer that cannot be stored keeps no other waiting`() async throws {
        let store = try await Database.withLiveVersion()
        var hostile = prediction("r\0", "a\0b")
        hostile.confidence = .nan
        hostile.probabilities = [.infinity, 1.000_000_1]

        try await store.insert(predictions: [
            prediction("r1", "one"), prediction("r2", "two", version: 9), hostile,
        ])

        #expect(try await store.counts().predictions == 2)
        let stored = try #require(try await store.prediction(requestID: "r\u{FFFD}", item: 0))
        #expect(stored.text == "a\u{FFFD}b")
        #expect(stored.confidence == 0)
        #expect(stored.probabilities == [0, 1])
        #expect(try await store.quarantine(limit: 9).map(\.excerpt) == ["two"])
    }

    @Test func `a scored row waits no more, and once only`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.fetch(examples(0..<3))

        try await store.insert(outcomes: [outcome(1), outcome(2, isWrong: true)])
        try await store.insert(outcomes: [outcome(1, isWrong: true)])

        #expect(try await store.unscoredExamples(limit: 9).map(\.id) == [3])
        let outcomes = try await store.outcomes(modelVersion: 1, since: 0, limit: 9)
        #expect(outcomes == [outcome(1), outcome(2, isWrong: true)])
        #expect(try await store.outcomes(modelVersion: 1, since: 1, limit: 9).map(\.exampleID) == [2])
    }

    @Test func `a model that answers no number was certainly wrong`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.fetch(examples(0..<2))
        var broken = outcome(1, isWrong: true)
        broken.confidence = .nan
        broken.lossInNats = .infinity
        var certain = outcome(2)
        certain.confidence = 1.000_000_1
        certain.lossInNats = -1e-7

        try await store.insert(outcomes: [broken, certain])

        let stored = try await store.outcomes(modelVersion: 1, since: 0, limit: 9)
        #expect(stored.map(\.confidence) == [0, 1])
        #expect(abs(stored[0].lossInNats - 27.631) < 0.001)
        #expect(stored[1].lossInNats == 0)
    }

    @Test func `outcomes and the rows they speak of change together or not at all`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.fetch(examples(0..<3))

        // Row 77 does not exist: the schema refuses the last of three.
        await #expect(throws: StoreError.self) {
            try await store.insert(outcomes: [outcome(1), outcome(2), outcome(77)])
        }

        #expect(try await store.unscoredExamples(limit: 9).count == 3)
        #expect(try await store.counts().outcomes == 0)
    }

    @Test func `figures form a series, and what is no number is left out`() async throws {
        let store = try await Database.withLiveVersion()
        let points = [
            Metric(
                at: noon(2), name: "accuracy", value: 0.9, lower: 0.8, upper: .infinity, count: 50,
                modelVersion: 1),
            Metric(at: noon(1), name: "accuracy", value: 0.8, count: 50, modelVersion: 1),
            Metric(at: noon(1), name: "logLoss", value: .nan, count: 50, modelVersion: 1),
        ]

        try await store.insert(metrics: points)

        let series = try await store.metrics(name: "accuracy", since: noon())
        #expect(series.map(\.value) == [0.8, 0.9])
        #expect(series[1].lower == 0.8)
        #expect(series[1].upper == nil)
        #expect(try await store.metrics(name: "accuracy", since: noon(2)).count == 1)
        #expect(try await store.metrics(name: "logLoss", since: noon()).isEmpty)
    }

    @Test func `the same is said about a row once`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.fetch(examples(0..<2))
        let alarm = Detection(
            at: noon(), detector: "SR", verdict: "drift", evidence: 4.4, threshold: 4.3, exampleID: 2,
            changeBeganAt: noon(-60), modelVersion: 1)

        let first = try await store.insert(detection: alarm)
        var again = alarm
        again.at = noon(60)
        let second = try await store.insert(detection: again)

        #expect(first == second)
        #expect(first.id == 1)
        #expect(try await store.detections(since: noon()) == [first])
    }
}
