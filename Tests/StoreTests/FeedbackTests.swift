import Corpus
import Foundation
import Store
import Testing

@Suite struct FeedbackTests {
    private let labels = ["bad", "good"]

    private func store() async throws -> Database {
        let store = try await Database.withLiveVersion()
        try await store.insert(predictions: [prediction("r1", "first"), prediction("r2", "second")])
        return store
    }

    @Test func `a label for an answer takes the text from the answer`() async throws {
        let store = try await store()

        let outcomes = try await store.recordFeedback(
            [
                Feedback(
                    .prediction(requestID: "r2", item: 0), label: "bad", source: "user_correction", weight: 2)
            ],
            labels: labels, at: noon(60))

        #expect(outcomes == [.accepted(exampleID: 1)])
        let row = try #require(try await store.unscoredExamples(limit: 9).first)
        #expect(row.text == "second")
        #expect(row.label == "bad")
        #expect(row.source == "user_correction")
        #expect(row.requestID == "r2")
        #expect(row.weight == 2)
        #expect(row.observedAt == noon())
        #expect(row.receivedAt == noon(60))
    }

    @Test func `what else is said of a row is kept with it`() async throws {
        let store = try await store()
        let said = ["country": "Türkiye", "shop": "a \"b\"\u{0}"]
        _ = try await store.recordFeedback(
            [
                Feedback(
                    .text("third", pair: nil), target: .label("good"), source: "audit_random", metadata: said),
                Feedback(.prediction(requestID: "r1", item: 0), label: "bad", source: "audit_random"),
            ], labels: labels, at: noon())
        #expect(try await store.unscoredExamples(limit: 9).map(\.metadata) == [said, nil])
    }

    @Test func `sending the same again changes nothing`() async throws {
        let store = try await store()
        let feedback = [
            Feedback(.prediction(requestID: "r1", item: 0), label: "bad", source: "user_correction"),
            Feedback(.text("third", pair: nil), label: "good", source: "audit_random"),
        ]
        let first = try await store.recordFeedback(feedback, labels: labels, at: noon())
        #expect(first.allSatisfy { $0.isAccepted })
        let before = try await store.unscoredExamples(limit: 9)

        let second = try await store.recordFeedback(feedback, labels: labels, at: noon(60))

        #expect(second == [.duplicate, .duplicate])
        #expect(try await store.unscoredExamples(limit: 9) == before)
    }

    @Test func `another label for the same text is another row`() async throws {
        let store = try await store()

        let outcomes = try await store.recordFeedback(
            ["bad", "good"].map { Feedback(.text("third", pair: nil), label: $0, source: "bulk") },
            labels: labels, at: noon())

        #expect(outcomes == [.accepted(exampleID: 1), .accepted(exampleID: 2)])
    }

    @Test func `what cannot be used does not touch the others`() async throws {
        let store = try await store()

        let outcomes = try await store.recordFeedback(
            [
                Feedback(.prediction(requestID: "nobody", item: 0), label: "bad", source: "bulk"),
                Feedback(.prediction(requestID: "r1", item: 5), label: "bad", source: "bulk"),
                Feedback(.text("", pair: nil), label: "bad", source: "bulk"),
                Feedback(.text("a\0b", pair: nil), label: "bad", source: "bulk"),
                Feedback(.text("third", pair: nil), label: "ugly", source: "bulk"),
                Feedback(.text("third", pair: nil), label: "bad", source: "bulk", weight: .nan),
                Feedback(.text("third", pair: nil), label: "bad", source: "bulk"),
            ], labels: labels, at: noon())

        #expect(
            outcomes == [
                .unknownRequest, .unknownRequest, .invalid("the text is empty"),
                .invalid("the row holds a NUL character"),
                .invalid(#"the label "ugly" is not one of bad, good"#),
                .invalid("the weight is not between 0 and 10⁹"), .accepted(exampleID: 1),
            ])
        #expect(try await store.counts().quarantined == 4)
        #expect(try await store.quarantine(limit: 9).allSatisfy { $0.source == "bulk" })
    }

    @Test func `any label may be given where none is asked for`() async throws {
        let store = try await store()

        let outcomes = try await store.recordFeedback(
            [Feedback(.text("third", pair: nil), label: "ugly", source: "bulk")], labels: nil, at: noon())

        #expect(outcomes == [.accepted(exampleID: 1)])
    }

    @Test func `the newest answer counts where a client used an identifier again`() async throws {
        let store = try await store()
        try await store.insert(predictions: [prediction("r1", "newer")])

        _ = try await store.recordFeedback(
            [Feedback(.prediction(requestID: "r1", item: 0), label: "bad", source: "bulk")], labels: labels,
            at: noon())

        #expect(try await store.unscoredExamples(limit: 9).map(\.text) == ["newer"])
    }

    @Test func `what was accepted is in the file before the answer`() async throws {
        let directory = try TemporaryDirectory()
        let store = try await Database.withLiveVersion(at: directory / "honed.sqlite")

        let outcomes = try await store.recordFeedback(
            [Feedback(.text("third", pair: nil), label: "good", source: "bulk")], labels: labels, at: noon())

        // Another program, which shares nothing with this one but the files, sees it.
        #expect(outcomes == [.accepted(exampleID: 1)])
        let other = try Database.openReadOnly(at: directory / "honed.sqlite")
        #expect(try await other.counts().examples == 1)
    }
}
