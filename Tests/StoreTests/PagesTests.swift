import Corpus
import Foundation
import Store
import Testing

@Suite struct PagesTests {
    @Test func `new rows come back with numbers in the order of the page`() async throws {
        let store = try Database.inMemory()
        let rows = [
            Example(text: "one", target: .label("good"), observedAt: noon(-60)),
            Example(text: "two", pair: "zwei", target: .label("bad")),
        ]

        let receipt = try await store.recordPage(
            source: "feed", examples: rows, rejected: [], state: #"{"cursor":"7"}"#, at: noon())

        #expect(receipt.inserted.map(\.text) == ["one", "two"])
        #expect(receipt.inserted.map(\.id) == [1, 2])
        #expect(receipt.inserted == (try await store.unscoredExamples(limit: 9)))
        #expect(receipt.inserted.map(\.split) == rows.map { Split.of(ContentHash(of: $0)) })
        let source = try #require(try await store.sources().first)
        #expect(source.state == #"{"cursor":"7"}"#)
        #expect(source.rows == 2)
        #expect(source.lastSuccessAt == noon())
    }

    @Test func `a known row is counted and changes nothing`() async throws {
        let store = try Database.inMemory()
        try await store.fetch(examples(0..<3))

        let receipt = try await store.fetch(examples(1..<5) + examples(4..<5), at: noon(60))

        #expect(receipt.inserted.map(\.text) == ["row 3", "row 4"])
        #expect(receipt.duplicates == 3)
        #expect(try await store.counts().examples == 5)
        #expect(try await store.sources().first?.duplicates == 3)
    }

    @Test func `the same text in another Unicode form is the same row`() async throws {
        let store = try Database.inMemory()

        let receipt = try await store.fetch([
            Example(text: "caf\u{E9}", target: .label("good")),
            Example(text: "cafe\u{301}", target: .label("good")),
        ])

        #expect(receipt.inserted.count == 1)
        #expect(receipt.duplicates == 1)
    }

    @Test func `what cannot be used lies in quarantine with its reason, once`() async throws {
        let store = try Database.inMemory()
        let rejected = [RejectedRow(line: 3, reason: "the line is not JSON", excerpt: "{{")]
        let rows = [
            Example(text: "no label"), Example(text: " ", target: .label("good")),
            Example(text: "a\0b", target: .label("good")),
            Example(text: "old", target: .label("good"), observedAt: Date(timeIntervalSince1970: -9e10)),
        ]

        let first = try await store.recordPage(
            source: "feed", examples: rows, rejected: rejected, state: nil, at: noon())
        let second = try await store.recordPage(
            source: "feed", examples: rows, rejected: rejected, state: nil, at: noon(60))

        #expect(first.quarantined == 5)
        #expect(second.quarantined == 0)
        #expect(first.inserted.isEmpty)
        let reasons = try await store.quarantine(limit: 9).map(\.reason)
        #expect(
            Set(reasons) == [
                "the line is not JSON", "the row has no label", "the text is empty",
                "the row holds a NUL character",
                "the time is before the year 1 or after 9999",
            ])
        #expect(try await store.quarantine(limit: 9).map(\.line) == [3, nil, nil, nil, nil])
    }

    @Test func `a quarantined excerpt is bounded whatever it holds`() async throws {
        let store = try Database.inMemory()
        let hostile = String(repeating: "e\u{301}\u{20DD}", count: 5_000) + "\0"

        _ = try await store.recordPage(
            source: "feed", examples: [Example(text: hostile)],
            rejected: [RejectedRow(line: 1, reason: "no\0good", excerpt: hostile)], state: nil, at: noon())

        #expect(try await store.quarantine(limit: 9).allSatisfy { $0.excerpt.unicodeScalars.count <= 200 })
        #expect(try await store.counts().quarantined == 2)
    }

    @Test func `a failure leaves the cursor where it was`() async throws {
        let store = try Database.inMemory()
        _ = try await store.recordPage(
            source: "feed", examples: examples(0..<1), rejected: [], state: #"{"cursor":"7"}"#, at: noon())

        try await store.recordSourceFailure(source: "feed", error: "no route to host", at: noon(60))
        try await store.recordSourceFailure(source: "feed", error: "no route to host", at: noon(120))

        let failing = try #require(try await store.sources().first)
        #expect(failing.state == #"{"cursor":"7"}"#)
        #expect(failing.consecutiveFailures == 2)
        #expect(failing.lastError == "no route to host")
        #expect(failing.lastAttemptAt == noon(120))
        #expect(failing.lastSuccessAt == noon())

        try await store.fetch(examples(1..<2), at: noon(180))
        let mended = try #require(try await store.sources().first)
        #expect(mended.consecutiveFailures == 0)
        #expect(mended.lastError == nil)
    }

    @Test func `rows and cursor come together or not at all, wherever a page breaks`() async throws {
        for failing in 1...6 {
            let store = try Database.inMemory()
            _ = try await store.recordPage(
                source: "feed", examples: examples(0..<2), rejected: [], state: "1", at: noon())
            try await store.execute(
                """
                CREATE TRIGGER breaks BEFORE INSERT ON example WHEN NEW.text = 'row \(failing + 1)'
                BEGIN SELECT raise(ABORT, 'injected'); END;
                CREATE TRIGGER breaksLast BEFORE UPDATE ON source WHEN \(failing) = 6
                BEGIN SELECT raise(ABORT, 'injected'); END
                """)

            await #expect(throws: StoreError.self) {
                _ = try await store.recordPage(
                    source: "feed", examples: examples(2..<7),
                    rejected: [RejectedRow(line: 1, reason: "r", excerpt: "e")], state: "2", at: noon())
            }

            #expect(try await store.counts().examples == 2)
            #expect(try await store.counts().quarantined == 0)
            #expect(try await store.sources().first?.state == "1")
        }
    }

    @Test func `imported rows are never scored, and a second import adds nothing`() async throws {
        let store = try Database.inMemory()

        #expect(try await store.importExamples(examples(0..<4), source: "import", at: noon()) == 4)
        #expect(try await store.importExamples(examples(0..<5), source: "import", at: noon()) == 1)

        #expect(try await store.unscoredExamples(limit: 9).isEmpty)
        #expect(try await store.counts().examples == 5)
    }
}
