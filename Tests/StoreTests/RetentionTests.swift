import Foundation
import Store
import Testing

@Suite struct RetentionTests {
    private let day = 86_400.0

    private func policy(days: Int = 30, bytes: Int = .max) -> RetentionPolicy {
        RetentionPolicy(
            predictions: .seconds(days * 86_400), outcomes: .seconds(days * 86_400),
            quarantine: .seconds(days * 86_400), databaseBytes: bytes)
    }

    @Test func `what is too old goes, what is younger stays`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.insert(
            predictions: (0..<2_500).map {
                prediction("r\($0)", "text", at: noon(Double($0) - 1_500 - 30 * day))
            })
        try await store.insert(metrics: [
            Metric(at: noon(-31 * day), name: "accuracy", value: 1, count: 1, modelVersion: 1),
            Metric(at: noon(), name: "accuracy", value: 1, count: 1, modelVersion: 1),
        ])

        let receipt = try await store.applyRetention(policy(), at: noon())

        #expect(receipt.predictions == 1_500)
        #expect(receipt.metrics == 1)
        #expect(receipt.deleted == 1_501)
        #expect(try await store.counts().predictions == 1_000)
        #expect(try await store.prediction(requestID: "r1500", item: 0) != nil)
        #expect(try await store.applyRetention(policy(), at: noon()).deleted == 0)
    }

    @Test func `quarantined rows go by age`() async throws {
        let store = try Database.inMemory()
        _ = try await store.recordFeedback(
            [Feedback(.text("", pair: nil), label: "good", source: "bulk")], labels: nil, at: noon(-31 * day))
        _ = try await store.recordFeedback(
            [Feedback(.text("", pair: nil), label: "bad", source: "bulk")], labels: nil, at: noon())

        #expect(try await store.applyRetention(policy(), at: noon()).quarantined == 1)
        #expect(try await store.quarantine(limit: 9).map(\.excerpt) == ["bad: "])
    }

    @Test func `what the live version is watched by stays, whatever its age`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.addVersion(2)
        try await store.fetch(examples(0..<10))
        try await store.insert(outcomes: (1...5).map { outcome($0, at: noon(1)) })
        let second = try await store.promote(version: 2, kind: .promoted, at: noon(2))
        try await store.insert(outcomes: (6...10).map { outcome($0, version: 2, at: noon(3)) })
        let watched = try await store.scoredRows(modelVersion: 2, since: second.at, after: 0, limit: 99)

        let receipt = try await store.applyRetention(policy(bytes: 0), at: noon(365 * day))

        #expect(receipt.outcomes == 5)
        #expect(receipt.isOverBudget)
        #expect(try await store.scoredRows(modelVersion: 2, since: second.at, after: 0, limit: 99) == watched)
        // A row that lost its outcome is not asked about again.
        #expect(try await store.unscoredExamples(limit: 99).isEmpty)
        #expect(try await store.counts().examples == 10)
    }

    @Test func `a database that is too large gives up its oldest predictions and its pages`() async throws {
        let directory = try TemporaryDirectory()
        let store = try await Database.withLiveVersion(at: directory / "honed.sqlite")
        let text = String(repeating: "long text ", count: 200)
        try await store.insert(
            predictions: (0..<6_000).map { prediction("r\($0)", text, at: noon(Double($0))) })
        let before = try await store.counts().databaseBytes
        let pages = try await store.rows("PRAGMA page_count").first.flatMap(Int.init) ?? 0

        let receipt = try await store.applyRetention(policy(bytes: before / 2), at: noon(7_000))

        #expect(receipt.databaseBytes <= before / 2)
        #expect(!receipt.isOverBudget)
        #expect(receipt.predictions == 3_000 || receipt.predictions == 4_000)
        #expect(try await store.prediction(requestID: "r0", item: 0) == nil)
        #expect(try await store.prediction(requestID: "r5999", item: 0) != nil)
        let pagesAfter = try await store.rows("PRAGMA page_count").first.flatMap(Int.init) ?? 0
        #expect(pagesAfter < pages * 2 / 3)
        #expect(try await store.rows("PRAGMA integrity_check") == ["ok"])
    }

    @Test func `others write while it deletes`() async throws {
        let directory = try TemporaryDirectory()
        let store = try await Database.withLiveVersion(at: directory / "honed.sqlite")
        try await store.insert(
            predictions: (0..<20_000).map { prediction("r\($0)", "text", at: noon(Double($0) - 60 * day)) })

        async let receipt = store.applyRetention(policy(), at: noon())
        for row in 0..<50 { try await store.fetch(examples(row..<row + 1)) }

        #expect(try await receipt.predictions == 20_000)
        #expect(try await store.counts().examples == 50)
    }
}
