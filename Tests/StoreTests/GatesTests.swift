import Corpus
import Foundation
import Store
import Testing

/// The rows that show what was forgotten, and how they wear.
@Suite struct GatesTests {
    private func store(imported: Int = 300) async throws -> Database {
        let store = try await Database.withLiveVersion()
        try await store.importExamples(examples(0..<imported), source: "import", at: noon())
        return store
    }

    private func anchor(
        _ store: Database, limit: Int = 20, lifetime: Int = 3, minimum: Int = 5
    ) async throws -> Anchor {
        try await store.currentAnchor(limit: limit, lifetime: lifetime, minimum: minimum, at: noon())
    }

    private func judge(_ store: Database, _ anchor: Anchor) async throws -> Gate {
        try await store.record(
            Gate(at: noon(1), anchorID: anchor.id, champion: 1, isPromoted: false, verdict: "{}"))
    }

    @Test func `an anchor stays the same from trial to trial and counts them`() async throws {
        let store = try await store()

        let first = try await anchor(store)
        let gate = try await judge(store, first)
        let second = try await anchor(store)

        #expect(first.rows.count == 20 && first.gates == 0)
        #expect(first.rows.allSatisfy { $0.split == .holdout && $0.scoring == .exempt })
        #expect(gate.number == 1)
        #expect(second.rows == first.rows && second.gates == 1)
        #expect(try await store.gates(limit: 9) == [gate])
    }

    @Test func `a worn anchor gives way to rows that no anchor had`() async throws {
        let store = try await store()
        let first = try await anchor(store)
        for number in 1...3 { #expect(try await judge(store, first).number == number) }

        let second = try await anchor(store)

        #expect(second.id != first.id && second.gates == 0)
        #expect(second.rows.count == 20)
        #expect(Set(second.rows.map(\.id)).isDisjoint(with: first.rows.map(\.id)))
        #expect(try await judge(store, second).number == 1)
    }

    @Test func `a worn anchor stays where nothing can take its place`() async throws {
        let store = try await store(imported: 100)
        let first = try await anchor(store, limit: 999)
        for _ in 1...3 { _ = try await judge(store, first) }

        let same = try await anchor(store, limit: 999)

        #expect(same.id == first.id && same.gates == 3)
    }

    @Test func `an anchor with room takes in what is imported later`() async throws {
        let store = try await store(imported: 50)
        let small = try await anchor(store)
        _ = try await judge(store, small)
        try await store.importExamples(examples(1_000..<1_300), source: "import", at: noon(2))

        let large = try await anchor(store)

        #expect(small.rows.count < 20 && large.rows.count == 20)
        #expect(large.id == small.id && large.gates == 1)
        #expect(Set(large.rows.map(\.id)).isSuperset(of: small.rows.map(\.id)))
    }

    @Test func `without imported rows the hold-out up to the first cut is the anchor`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.fetch(examples(0..<300))
        try await store.insert(outcomes: (1...300).map { outcome(Int64($0)) })
        _ = try await store.judgingRun()
        try await store.fetch(examples(300..<400))

        let rows = try await anchor(store, limit: 999).rows

        #expect(!rows.isEmpty && rows.allSatisfy { $0.id <= 300 && $0.split == .holdout })
    }

    @Test(arguments: ["UPDATE gate SET isPromoted = 1", "DELETE FROM gate"])
    func `what a gate found stays written`(_ statement: String) async throws {
        let store = try await store()
        _ = try await judge(store, anchor(store))

        await #expect(throws: StoreError.self) { try await store.execute(statement) }
    }
}
