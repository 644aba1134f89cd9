import Corpus
import Foundation
import Store
import Testing

/// Rows of every task in one database.
@Suite struct TargetsTests {
    private static let rows: [Example] = [
        Example(text: "a film", target: .label("good")),
        Example(text: "a film", target: .labels(["good", "long"])),
        Example(text: "a film", target: .score(0.5)),
        Example(text: "in Rome", target: .tags(["O", "B-LOC"])),
        Example(text: "in Rome", target: .spans([Target.Span(label: "LOC", start: 3, end: 7)])),
        Example(
            text: "Where?", pair: "in \"Rome\"", target: .answers([Target.Answer(text: "Rome", start: 4)])),
        Example(text: "Where?", pair: "in Rome", target: .answers([])),
    ]

    private static let tasks: [TaskKind] = [
        .textClassification, .multiLabelClassification, .scoring, .tokenClassification, .questionAnswering,
    ]

    @Test func `what is true is read as it was stored, and grouped by label or task`() async throws {
        let store = try await Database.withLiveVersion()

        let receipt = try await store.fetch(Self.rows)
        let again = try await store.fetch(Self.rows)

        #expect(again.inserted.isEmpty && again.duplicates == Self.rows.count)
        #expect(receipt.inserted.map(\.target) == Self.rows.map(\.target))
        let read = try await store.examples(receipt.inserted.map(\.id))
        #expect(read == receipt.inserted && read.map(\.example) == Self.rows)
        #expect(read[0].label == "good" && read[3].label == "token-classification")
    }

    @Test func `a model is asked about rows of its task alone`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.fetch(Self.rows)

        for task in Self.tasks {
            let rows = try await store.unscoredExamples(of: task, limit: 99)
            #expect(rows.map(\.example) == Self.rows.filter { $0.target?.task == task })
        }
        let outcomes = try await store.unscoredExamples(of: .tokenClassification, limit: 99).map {
            outcome($0.id)
        }
        try await store.insert(outcomes: outcomes)

        // What waits for another model keeps none of them from being learned from.
        let learned = try await store.labelledRows(splitAt: nil, since: 1, of: .tokenClassification)
        let fresh = try await store.freshRows(
            since: nil, champion: 1, cut: 0, of: .tokenClassification, limit: 99)
        #expect(Set((learned.new + learned.old + fresh).map(\.target.task)) == [.tokenClassification])
        #expect(learned.cut >= outcomes.map(\.exampleID).max()!)
    }

    @Test func `each task has an anchor of its own`() async throws {
        let store = try await Database.withLiveVersion()
        let names = (0..<40).map {
            Example(text: "name \($0)", target: .spans([Target.Span(label: "N", start: 0, end: 4)]))
        }
        try await store.importExamples(examples(0..<40) + names, source: "import", at: noon())

        let first = try await store.currentAnchor(limit: 99, lifetime: 50, minimum: 1, at: noon())
        let second = try await store.currentAnchor(
            limit: 99, lifetime: 50, minimum: 1, of: .tokenClassification, at: noon())

        #expect(first.id != second.id && !first.rows.isEmpty && !second.rows.isEmpty)
        #expect(first.rows.allSatisfy { $0.target.task == .textClassification })
        #expect(second.rows.allSatisfy { $0.target.task == .tokenClassification })
        let again = try await store.currentAnchor(limit: 99, lifetime: 50, minimum: 1, at: noon())
        #expect(again == first)
    }

    @Test func `rows from before say their label, and remedies from before are there still`() async throws {
        let store = try Database.inMemory(upTo: "0009 runs know what they left out")
        try await store.execute(
            """
            INSERT INTO example (contentHash, text, label, receivedAt, source, split) VALUES
              ('\(String(repeating: "a", count: 64))', 't', 'say "good"', '2026-01-09 12:00:00.000', 's', 'train')
            """)
        try await store.addVersion(1)
        let run = try await store.createRun(store.run()).id!
        try await store.execute(
            """
            INSERT INTO rung (runID, at, level, outcome, rows, cpuSeconds, seconds, sentence) VALUES
              (\(run), '2026-01-09 12:00:00.000', 'head', 'hopeless', 3, 1, 2, 'so it was')
            """)

        try store.migrate()

        #expect(try await store.examples([1]).map(\.target) == [.label("say \"good\"")])
        #expect(try await store.rungs(ofRun: run).map(\.sentence) == ["so it was"])
        try await store.record(
            Rung(
                runID: run, at: noon(), level: "prior", outcome: "skipped", rows: 0, cpuSeconds: 0,
                seconds: 0, sentence: "no classes"))
        #expect(try await store.rows("SELECT outcome FROM rung_history") == ["hopeless", "skipped"])
        await #expect(throws: (any Error).self) { try await store.execute("DELETE FROM rung") }
        await #expect(throws: (any Error).self) {
            try await store.execute("UPDATE example SET target = '{}'")
        }
    }

    @Test func `feedback says what is true in any way, and what cannot be is set apart`() async throws {
        let store = try await Database.withLiveVersion()
        let feedback = Self.rows.map {
            Feedback(.text($0.text, pair: $0.pair), target: $0.target!, source: "bulk")
        }

        let outcomes = try await store.recordFeedback(feedback, at: noon()) { row in
            row.target?.task == .scoring ? "no scores here" : nil
        }

        #expect(outcomes.count(where: \.isAccepted) == Self.rows.count - 1)
        #expect(outcomes[2] == .invalid("no scores here"))
    }
}
