import Corpus
import Foundation
import Store
import Testing

/// Which rows a challenger may learn from, and which may judge it.
@Suite struct LearningTests {
    /// 300 imported rows, then 400 fetched ones, of which the last 50 wait to be scored.
    private func store() async throws -> Database {
        let store = try await Database.withLiveVersion()
        try await store.importExamples(examples(0..<300), source: "import", at: noon())
        try await store.fetch(examples(300..<700))
        try await store.insert(outcomes: (301...650).map { outcome(Int64($0)) })
        return store
    }

    @Test(arguments: [nil, Int64(500)])
    func `no row is learned from and judges`(_ change: Int64?) async throws {
        let store = try await store()

        let learned = try await store.labelledRows(splitAt: change, since: 1)
        let fresh = try await store.freshRows(since: change, champion: 1, cut: learned.cut, limit: 9_999)
        let anchor = try await store.anchorRows(limit: 9_999)

        let used = Set((learned.new + learned.old).map(\.id))
        #expect(used.isDisjoint(with: fresh.map(\.id)))
        #expect(used.isDisjoint(with: anchor.map(\.id)))
        #expect(Set(fresh.map(\.id)).isDisjoint(with: anchor.map(\.id)))
        #expect(used.count == learned.new.count + learned.old.count)
        // What is neither is the hold-out of old times and nothing else.
        let all = try await store.examples(split: nil, after: 0, before: nil, limit: .max, newestFirst: false)
        let idle = all.filter { row in
            !used.contains(row.id) && !fresh.contains { $0.id == row.id }
                && !anchor.contains { $0.id == row.id }
        }
        #expect(idle.allSatisfy { $0.split == .holdout && $0.scoring == .scored && $0.id < change ?? 0 })
    }

    @Test func `new rows begin at the change, and only scored rows are learned from`() async throws {
        let store = try await store()

        let rows = try await store.labelledRows(splitAt: 500, since: 1)

        #expect(rows.cut == 650)
        #expect(rows.new.allSatisfy { (500...650).contains($0.id) && $0.scoring == .scored })
        #expect(rows.old.allSatisfy { $0.id < 500 })
        #expect(rows.new.map(\.id) == rows.new.map(\.id).sorted())
        #expect(rows.old.map(\.id) == rows.old.map(\.id).sorted())
        #expect((rows.new + rows.old).allSatisfy { $0.split != .holdout })
    }

    @Test func `without a change rows are new from where the version's training ended`() async throws {
        let store = try await store()
        let run = try await store.judgingRun()
        try await store.addVersion(2, runID: run)
        _ = try await store.promote(version: 2, kind: .promoted, runID: run, at: noon(60))
        try await store.insert(outcomes: (651...700).map { outcome(Int64($0), at: noon(61)) })

        let sinceImported = try await store.labelledRows(splitAt: nil, since: 1)
        let sinceTrained = try await store.labelledRows(splitAt: nil, since: 2)

        #expect(try await store.run(run)?.cut == 650)
        #expect(sinceImported.new.map(\.id).min()! <= 310)
        #expect(sinceTrained.new.allSatisfy { $0.id > 650 })
        #expect(sinceTrained.cut == 700)
        let fresh = try await store.freshRows(since: nil, champion: 2, cut: 700, limit: 99)
        #expect(fresh.allSatisfy { $0.id > 650 && $0.split == .holdout })
    }

    @Test func `few old rows are a draw that is the same every time`() async throws {
        let store = try await store()

        let first = try await store.labelledRows(splitAt: 500, since: 1, limit: 40)
        let second = try await store.labelledRows(splitAt: 500, since: 1, limit: 40)
        let anchors = (try await store.anchorRows(limit: 20), try await store.anchorRows(limit: 20))

        #expect(first.old == second.old)
        #expect(first.old.count == 40)
        #expect(first.new.count == 40)
        #expect(first.new.last!.id > 640)
        // A draw, and no beginning of the file.
        #expect(first.old.last!.id > 250)
        #expect(anchors.0 == anchors.1)
        #expect(anchors.0.count == 20)
        #expect(anchors.0.last!.id > 100)
        // The draw is over both splits: the hash that decides the split does not decide the draw.
        #expect(Set(first.old.map(\.split)) == [.train, .development])
    }

    @Test func `without imported rows the first hold-out is the anchor`() async throws {
        let store = try await Database.withLiveVersion()
        try await store.fetch(examples(0..<100))
        #expect(try await store.anchorRows(limit: 99).isEmpty)
        try await store.insert(outcomes: (1...100).map { outcome(Int64($0)) })

        _ = try await store.judgingRun()
        try await store.fetch(examples(100..<200))

        let anchor = try await store.anchorRows(limit: 99)
        #expect(!anchor.isEmpty)
        #expect(anchor.allSatisfy { $0.id <= 100 && $0.split == .holdout })
    }

    @Test func `rows are found by side, stretch and order`() async throws {
        let store = try await store()

        let newest = try await store.examples(
            split: .holdout, after: 100, before: 400, limit: 5, newestFirst: true)
        let oldest = try await store.examples(
            split: nil, after: 100, before: 104, limit: 5, newestFirst: false)

        #expect(newest.count == 5)
        #expect(newest.allSatisfy { $0.split == .holdout && (101..<400).contains($0.id) })
        #expect(newest.map(\.id) == newest.map(\.id).sorted(by: >))
        #expect(oldest.map(\.id) == [101, 102, 103])
    }

    @Test func `the rate of labels is that of the week before, and never more than its count`() async throws {
        let store = try await store()
        #expect(try await store.labelsPerDay(at: noon(-86_400)) == 0)
        #expect(try await store.labelsPerDay(at: noon(3_600)) == 400)
        let later = try await store.labelsPerDay(at: noon(4 * 86_400))
        #expect((99...101).contains(later), "\(later): four hundred rows in four days")
        #expect(try await store.labelsPerDay(at: noon(30 * 86_400)) == 0)
    }

    @Test func `what speaks for a training is counted`() async throws {
        let store = try await store()
        let before = try await store.retrainingFacts(at: noon(3_600))
        #expect(before.newLabels == 400)
        #expect(before.lastRunEndedAt == nil)
        #expect(before.runsWithoutPromotion == 0)

        let refused = try await store.judgingRun(at: noon(60))
        try await store.finishRun(refused, state: .refused, at: noon(120))
        let failed = try await store.createRun(store.run()).id!
        try await store.finishRun(failed, state: .failed, at: noon(180))
        let cancelled = try await store.createRun(store.run()).id!
        try await store.finishRun(cancelled, state: .cancelled, at: noon(240))
        let active = try await store.createRun(store.run())

        let after = try await store.retrainingFacts(at: noon(3_600))
        #expect(after.newLabels == 50)
        // A run that was stopped with the daemon makes nobody wait.
        #expect(after.lastRunEndedAt == noon(180))
        #expect(after.runsWithoutPromotion == 2)
        #expect(after.recentRunStarts == [noon(60)])
        #expect(after.activeRun == active)
        #expect(try await store.retrainingFacts(at: noon(2 * 86_400)).recentRunStarts.isEmpty)
    }
}
