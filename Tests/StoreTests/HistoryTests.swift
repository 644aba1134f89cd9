import Foundation
import Store
import Testing

@Suite struct HistoryTests {
    @Test func `a restart equals no restart`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory / "honed.sqlite"
        var seen: [ScoredRow] = []
        var live: Promotion?
        do {
            let store = try await Database.withLiveVersion(at: path)
            live = try await store.livePromotion()
            for page in 0..<4 {
                let rows = try await store.fetch(
                    examples(page * 30..<(page + 1) * 30), at: noon(Double(page))
                ).inserted
                let said = rows.map { outcome($0.id, isWrong: $0.id % 7 == 0, at: noon(Double(page) + 0.5)) }
                try await store.insert(outcomes: said)
                seen += zip(said, rows).map {
                    ScoredRow(
                        outcome: $0.withoutProbabilities, observedAt: $1.observedAt,
                        receivedAt: $1.receivedAt, source: $1.source)
                }
            }
        }

        let store = try Database.open(at: path)
        let again = try #require(try await store.livePromotion())
        var replayed: [ScoredRow] = []
        while case let piece = try await store.scoredRows(
            modelVersion: again.version, since: again.at, after: replayed.last?.outcome.exampleID ?? 0,
            limit: 50),
            !piece.isEmpty
        {
            replayed += piece
        }

        #expect(again == live)
        #expect(replayed == seen)
        #expect(replayed.count == 120)
    }

    @Test func `an earlier life of a version is not replayed`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.addVersion(2)
        try await store.fetch(examples(0..<4))
        try await store.insert(outcomes: [outcome(1, at: noon(1))])
        _ = try await store.promote(version: 2, kind: .promoted, at: noon(2))
        try await store.insert(outcomes: [outcome(2, version: 2, at: noon(3))])
        let back = try await store.promote(version: 1, kind: .rollback, at: noon(4))
        try await store.insert(outcomes: [outcome(3, at: noon(5))])

        let rows = try await store.scoredRows(modelVersion: 1, since: back.at, after: 0, limit: 9)
        let stretch = try await store.scoredRows(from: noon(1), to: noon(5), limit: 9)

        #expect(rows.map(\.outcome.exampleID) == [3])
        #expect(stretch.map(\.outcome.exampleID) == [1, 2])
        #expect(stretch.map(\.outcome.modelVersion) == [1, 2])
    }

    @Test func `a stretch is read in pages, each row once`() async throws {
        let store = try await Database.withLiveVersion()
        // Times that a double holds a hair above or below, several rows at each.
        for piece in 0..<40 {
            let rows = try await store.fetch(examples(piece * 3..<piece * 3 + 3)).inserted
            try await store.insert(
                outcomes: rows.map {
                    outcome($0.id, at: noon(Double(piece) + Double(piece * 37 % 1_000) / 1_000))
                })
        }

        var read: [ScoredRow] = []
        while case let page = try await store.scoredRows(
            from: noon(0), after: read.last, to: noon(99), limit: 7),
            !page.isEmpty
        {
            read += page
        }

        #expect(read.map(\.outcome.exampleID) == Array(1...120))
    }

    @Test func `times are kept to the millisecond, also those with more`() async throws {
        let store = try Database.inMemory()
        let fine = Date(timeIntervalSince1970: 1_767_960_000.123_456)
        try await store.addVersion(1)

        let promotion = try await store.promote(version: 1, kind: .initial, at: fine)

        #expect(abs(promotion.at.timeIntervalSince(fine)) < 0.001)
        #expect(try await store.livePromotion() == promotion)
    }
}

extension StoredOutcome {
    /// What a watch is rebuilt from.
    fileprivate var withoutProbabilities: StoredOutcome {
        var outcome = self
        outcome.probabilities = []
        return outcome
    }
}
