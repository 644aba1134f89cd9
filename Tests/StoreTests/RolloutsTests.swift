import Foundation
import Store
import Testing

/// Stretches in which two versions are compared.
@Suite struct RolloutsTests {
    private func stretch(
        _ stage: String = "probation", share: Double? = nil, runID: Int64? = nil
    ) -> StoredRollout {
        StoredRollout(
            stage: stage, version: 2, against: 1, share: share, isBinding: true, actor: "policy",
            runID: runID, startedAt: noon())
    }

    private func store() async throws -> Database {
        let store = try await Database.withLiveVersion()
        try await store.addVersion(2)
        try await store.fetch(examples(0..<5))
        return store
    }

    @Test func `one stretch follows on another`() async throws {
        let store = try await store()

        let shadow = try await store.change(
            RolloutChange(.cancelled, "", next: stretch("shadow")), at: noon())
        #expect(try await store.activeRollout() == shadow)
        let canary = try await store.change(
            RolloutChange(.passed, "no harm", next: stretch("canary", share: 0.1)), at: noon(60))
        try await store.change(RolloutChange(.back, "harm"), at: noon(120))

        #expect(canary?.share == 0.1)
        #expect(try await store.activeRollout() == nil)
        let all = try await store.rollouts(limit: 9)
        #expect(all.map(\.stage) == ["canary", "shadow"])
        #expect(all.map(\.outcome) == [.back, .passed])
        #expect(all.map(\.sentence) == ["harm", "no harm"] && all.map(\.endedAt) == [noon(120), noon(60)])
    }

    @Test func `a row is compared once, in the order of arrival`() async throws {
        let store = try await store()
        let id = try #require(
            try await store.change(RolloutChange(.cancelled, "", next: stretch()), at: noon())?.id)
        func pair(_ row: Int64, _ new: Double) -> RolloutPair {
            RolloutPair(rolloutID: id, exampleID: row, oldLoss: 0, newLoss: new)
        }

        try await store.insert(pairs: [pair(3, 1), pair(1, 0)])
        try await store.insert(pairs: [pair(3, 0), pair(2, 1)])
        try await store.countRequests(10, disagreements: 3, rollout: id)
        try await store.countRequests(5, disagreements: 0, rollout: id)

        let pairs = try await store.pairs(ofRollout: id)
        #expect(pairs.map(\.exampleID) == [1, 2, 3] && pairs.map(\.newLoss) == [0, 1, 1])
        #expect(
            try await store.rows(
                "SELECT stage, requests, disagreements, labels, gains, losses FROM rollout_history")
                == ["probation|15|3|3|0|2"])
    }

    @Test func `a promotion ends one stretch and begins the next, or neither`() async throws {
        let store = try await store()
        func promote(_ version: Int, _ change: RolloutChange) async throws {
            _ = try await store.promote(
                version: version, kind: .promoted, reason: "r", actor: "a", referenceErrors: 0,
                referenceCount: 0, rollout: change, at: noon(60))
        }

        try await promote(2, RolloutChange(.cancelled, "", next: stretch()))
        await #expect(throws: StoreError.alreadyLive(2)) {
            try await promote(2, RolloutChange(.back, "harm"))
        }

        #expect(try await store.activeRollout()?.stage == "probation")
    }

    @Test func `a version that was taken back counts as a refusal`() async throws {
        let store = try await Database.withLiveVersion()
        let run = try await store.judgingRun()
        try await store.addVersion(2, runID: run)
        _ = try await store.promote(
            version: 2, kind: .promoted, reason: "r", actor: "a", runID: run, referenceErrors: 0,
            referenceCount: 0, rollout: RolloutChange(.cancelled, "", next: stretch(runID: run)), at: noon(60)
        )
        #expect(try await store.retrainingFacts(at: noon(61)).runsWithoutPromotion == 0)

        _ = try await store.promote(
            version: 1, kind: .rollback, reason: "harm", actor: "honed", referenceErrors: 0,
            referenceCount: 0, rollout: RolloutChange(.back, "harm"), at: noon(120))

        #expect(try await store.retrainingFacts(at: noon(121)).runsWithoutPromotion == 1)
    }

    @Test(arguments: [
        "INSERT INTO rollout (stage, version, against, isBinding, actor, startedAt) VALUES ('canary', 2, 1, 1, 'a', '2026-01-09 12:00:00.000')",
        "INSERT INTO rollout (stage, version, against, isBinding, actor, startedAt) VALUES ('shadow', 1, 1, 1, 'a', '2026-01-09 12:00:00.000')",
        "INSERT INTO rollout (stage, version, against, isBinding, actor, startedAt) VALUES ('shadow', 2, 1, 1, 'a', '2026-01-09 12:00:00.000')",
        "UPDATE rollout SET outcome = 'passed'", "DELETE FROM rollout",
        "INSERT INTO rolloutPair VALUES (1, 1, 0, 1.5)",
    ])
    func `the schema itself refuses what cannot be`(_ statement: String) async throws {
        let store = try await store()
        try await store.change(RolloutChange(.cancelled, "", next: stretch()), at: noon())

        await #expect(throws: StoreError.self) { try await store.execute(statement) }
    }
}
