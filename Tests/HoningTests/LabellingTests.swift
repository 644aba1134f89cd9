import Drift
import Foundation
import Honing
import Store
import Testing

/// What is worth a label, and the person who labels it.
@Suite struct LabellingTests {
    private static let noon = Date(timeIntervalSince1970: 1_795_420_800)

    /// A version that was judged on a thousand rows, live, with answers to texts of which some come twice.
    private func store(answers count: Int) async throws -> Database {
        let store = try Database.inMemory()
        let judged = (0..<1_000).map {
            Observation(
                exampleID: Int64($0), at: Self.noon, label: "good", predicted: "good", loss: $0 < 100 ? 1 : 0,
                lossInNats: 0.3, confidence: 0.8, tokens: 9, unknownTokens: 0)
        }
        let notes = VersionNotes(reference: Reference(judged, labels: ["bad", "good"], source: "holdout"))
        let metrics = String(decoding: try JSONEncoder().encode(notes), as: UTF8.self)
        try await store.execute(
            """
            INSERT INTO modelVersion VALUES (1, NULL, NULL, '2026-01-09 12:00:00.000', 'imported',
              '\(String(repeating: "a", count: 64))', '["bad","good"]', 'text-classification',
              '\(metrics)', '{}', '')
            """)
        _ = try await store.promote(
            version: 1, kind: .initial, reason: "first", actor: "test", referenceErrors: 100,
            referenceCount: 1_000, at: Self.noon)
        try await store.insert(
            predictions: (0..<count).map { number in
                let sure = 0.5 + Double(number % 50) / 100
                return StoredPrediction(
                    requestID: "r\(number)", item: 0, modelVersion: 1, text: "film \(number % (count - 5))",
                    label: "good", confidence: sure, probabilities: [1 - sure, sure], tokens: 3,
                    unknownTokens: 0, createdAt: Self.noon.addingTimeInterval(Double(number + 1)))
            })
        return store
    }

    private func queue(_ store: Database, _ count: Int) async throws -> LabelQueue {
        try await LabelDesk(store, HonedConfiguration()).queue(
            count, auditShare: 0.5, at: Self.noon.addingTimeInterval(3_600))
    }

    @Test func `half is drawn by plain lot, and what has a label is drawn no more`() async throws {
        let store = try await store(answers: 105)

        let first = try await queue(store, 20)
        #expect(first.waiting == 100 && first.version == 1 && first.labels == ["bad", "good"])
        #expect(first.items.count == 20 && Set(first.items.map(\.text)).count == 20)
        #expect(first.items.count { $0.lot == .audit } == 10)
        #expect(try await queue(store, 20) == first)
        let labelled = first.items.prefix(8).map {
            Feedback(.text($0.text, pair: nil), label: "bad", source: $0.source, propensity: $0.propensity)
        }
        _ = try await store.recordFeedback(labelled, at: Self.noon) { _ in nil }

        let second = try await queue(store, 20)
        #expect(second.waiting == 92)
        #expect(Set(second.items.map(\.text)).isDisjoint(with: first.items.prefix(8).map(\.text)))
        // What was drawn and not labelled comes again.
        #expect(Set(first.items.dropFirst(8).map(\.text)).isSubset(of: second.items.map(\.text)))
        let written = try await store.rows("SELECT source, propensity FROM drawn_labels")
        #expect(written.count == 8 && written.contains { $0.hasPrefix("audit_random|") })
        #expect(try decoded(encoded(second)) == second)
        for line in (second.summary + "\n" + second.listing).split(separator: "\n") {
            #expect(line.count <= 80)
        }
    }

    @Test func `an empty queue says why`() async throws {
        let nothing = try await LabelDesk(try Database.inMemory(), HonedConfiguration()).queue(
            5, auditShare: 0.5, at: Self.noon)
        #expect(nothing.items.isEmpty && nothing.sentence.contains("No version is live"))
        let store = try await store(answers: 6)
        try await store.execute("DELETE FROM prediction")
        let unasked = try await queue(store, 5)
        #expect(unasked.items.isEmpty && unasked.sentence.contains("There are no texts to label"))
        #expect(unasked.question?.sentence.contains("is not beyond doubt after 0 labels: about") == true)
    }

    @Test func `rows drawn by lot speak for all answers`() async throws {
        let store = try await store(answers: 305)
        let items = try await queue(store, 200).items
        let taken = try await store.recordFeedback(
            items.map {
                Feedback(
                    .text($0.text, pair: nil), label: "good", source: $0.source, propensity: $0.propensity)
            },
            at: Self.noon, objection: { _ in nil })
        // Wrong are those that were drawn for doubt: many labels, little weight.
        let outcomes = zip(items, taken).compactMap { item, outcome -> StoredOutcome? in
            guard case .accepted(let id) = outcome else { return nil }
            return StoredOutcome(
                exampleID: id, modelVersion: 1, predictedLabel: item.lot == .doubt ? "bad" : "good",
                label: "good",
                loss: item.lot == .doubt ? 1 : 0, lossInNats: 0.3, confidence: 0.6,
                probabilities: [0.4, 0.6],
                tokens: 3, unknownTokens: 0, scoredAt: Self.noon.addingTimeInterval(60))
        }
        try await store.insert(outcomes: outcomes)

        let drawn = try #require(try await queue(store, 5).drawn)
        var expected = LabelSelection()
        for item in items {
            expected.add(loss: item.lot == .doubt ? 1 : 0, origin: .propensity, propensity: item.propensity)
        }
        #expect(drawn.rows == 200 && abs(drawn.errorRate - expected.mean!) < 1e-12)
        // The watch counts the plain lot alone, on which nothing was wrong.
        let question = try await queue(store, 5).question
        #expect(question == nil || question?.labels == 100)
    }

    @Test func `a feed of another kind is set apart, in whatever order it is written`() throws {
        let sources = """
            sources:
            - {name: reviews, url: "https://h/a"}
            - {name: old-news, url: "https://h/b", kind: bulk}
            - {name: desk, url: "https://h/c", kind: user_correction}

            """
        for yaml in [sources + "watching: {window: 100}\n", "watching: {window: 100}\n" + sources] {
            let configuration = try HonedConfiguration.parse(yaml, file: "honed.yaml")
            #expect(configuration.watching.apart == ["old-news", "desk"])
            #expect(configuration.watching.window == 100)
        }
    }

    // MARK: The person

    private func session(_ count: Int = 3, labels: [String] = ["bad", "good"]) throws -> LabelSession {
        let items = (0..<count).map {
            LabelQueue.Item(text: "film \($0)", answeredAt: Self.noon, lot: .audit, propensity: 0.5)
        }
        return try #require(
            LabelSession(LabelQueue(version: 1, labels: labels, items: items, waiting: count, sentence: "")))
    }

    /// The labels that come of keys, by text.
    private func given(_ keys: String, _ session: inout LabelSession) -> [String] {
        var effects = keys.flatMap { session.press($0) }
        effects += session.isOver ? [] : session.end()
        return effects.compactMap { effect in
            if case .given(let label) = effect { "\(label.item.text) \(label.label)" } else { nil }
        }
    }

    @Test(arguments: [
        ("122", ["film 0 bad", "film 1 good", "film 2 good"]), ("1s2", ["film 0 bad", "film 2 good"]),
        ("1u2q", ["film 0 good"]), ("12u1q", ["film 0 bad", "film 1 bad"]),
        ("122u1x", ["film 0 bad", "film 1 good", "film 2 bad"]),
        ("q", []), ("1", ["film 0 bad"]), ("9x?1", ["film 0 bad"]), ("u1uu2", ["film 0 good"]), ("sss", []),
        ("1su2", ["film 0 good"]),
    ])
    func `keys make labels, and the last can be taken back`(_ keys: String, _ labels: [String]) throws {
        var session = try session()
        #expect(given(keys, &session) == labels)
        #expect(session.isOver)
    }

    @Test func `a page shows the text and the keys, and never the answer`() throws {
        var session = try session(labels: ["bad", "good", "so-so"])
        let page = try #require(session.page)
        #expect(page.contains("1 of 3 · audit") && page.contains("film 0") && page.contains("[3] so-so"))
        for line in page.split(separator: "\n") { #expect(line.count <= 80) }
        _ = "111".flatMap { session.press($0) }
        #expect(session.page?.contains("u takes the last label back") == true)
    }

    @Test func `more labels than keys are refused`() {
        let labels = (0..<40).map(String.init)
        #expect(
            LabelSession(LabelQueue(version: 1, labels: labels, items: [], waiting: 0, sentence: "")) == nil)
        #expect(
            !LabelSession.keys.contains { "suq".contains($0) }
                && Set(LabelSession.keys).count == LabelSession.keys.count)
    }

    // MARK: The question

    @Test func `the question is open until the labels settle it`() throws {
        let baseline = Status.Accuracy.Baseline(Baseline(errors: 100, count: 1_000))

        let before = try #require(OpenQuestion(errors: 0, labels: 0, baseline: baseline))
        #expect(before.more == nil && before.errorRate == nil)
        #expect(try #require(before.asJudged) > 1_000 && before.fivePointsWorse! < 1_000)
        let open = try #require(OpenQuestion(errors: 20, labels: 200, baseline: baseline))
        #expect(open.more == labelsToSettle(errorRate: 0.1, bound: baseline.upper)! - 200)
        #expect(open.sentence.contains("10.0 % of 200 labels so far; at that rate about"), "\(open.sentence)")
        #expect(OpenQuestion(errors: 150, labels: 500, baseline: baseline) == nil)
        #expect(OpenQuestion(errors: 0, labels: 500, baseline: baseline) == nil)
        let near = try #require(
            OpenQuestion(errors: baseline.upper * 1_000, labels: 1_000, baseline: baseline))
        #expect(near.more == nil && near.sentence.contains("too near that"))
    }

    @Test func `corrections and doubtful rows do not count in the watch`() {
        let reference = Reference(
            (0..<100).map { observation(Int64($0), loss: 0, "audit_random") }, labels: ["bad", "good"],
            source: "holdout")
        var watch = DriftWatch(version: 1, reference: reference)
        for number in 0..<100 {
            #expect(
                watch.observe(
                    observation(Int64(number), loss: 1, number % 2 == 0 ? "active" : "user_correction")
                ).isEmpty)
        }
        #expect(watch.count == 0 && watch.apart == 100 && watch.alarm == nil)
        _ = watch.observe(observation(200, loss: 0, "reviews"))
        _ = watch.observe(observation(201, loss: 1, "old news"))
        #expect(watch.count == 1 && watch.windowAccuracy == 1)
    }

    private func observation(_ id: Int64, loss: Double, _ source: String) -> Observation {
        let outcome = StoredOutcome(
            exampleID: id, modelVersion: 1, predictedLabel: "good", label: loss > 0 ? "bad" : "good",
            loss: loss,
            lossInNats: 0.3, confidence: 0.8, probabilities: [0.2, 0.8], tokens: 3, unknownTokens: 0,
            scoredAt: Self.noon)
        return Observation(outcome, at: Self.noon, source: source, apart: ["old news"])
    }
}
