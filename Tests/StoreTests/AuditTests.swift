import Foundation
import Store
import Testing

/// What served when stays written, and nobody can say otherwise unseen.
@Suite struct AuditTests {
    /// A small life: two versions, a canary that was taken back, a rollback.
    private func store() async throws -> Database {
        let store = try await Database.withLiveVersion()
        for version in 2...3 { try await store.addVersion(version) }
        _ = try await store.promote(version: 2, kind: .promoted, at: noon(10.123))
        let canary = StoredRollout(
            stage: "canary", version: 3, against: 2, share: 0.1, isBinding: true, actor: "policy", runID: nil,
            startedAt: noon(20.001))
        try await store.change(RolloutChange(.cancelled, "", next: canary), at: noon(20.001))
        try await store.change(RolloutChange(.back, "it did harm"), at: noon(30.777))
        _ = try await store.promote(version: 1, kind: .rollback, at: noon(40.5))
        return store
    }

    @Test func `every change of what answers is an entry of a whole chain`() async throws {
        let trail = try await store().auditTrail()

        #expect(trail.faults == [])
        #expect(trail.entries.map(\.event) == ["initial", "promoted", "canary", "canaryEnded", "rollback"])
        #expect(trail.entries.map(\.version) == [1, 2, 3, 3, 1])
        #expect(trail.entries[2].share == 0.1 && trail.entries[3].reason == "it did harm")
        #expect(trail.entries[0].previousHash == AuditEntry.beginning)
        #expect(trail.head == trail.entries[4].hash)
    }

    @Test(arguments: [
        "UPDATE audit SET actor = 'eve'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 5",
        "INSERT INTO audit SELECT 6, at, event, version, previousVersion, share, checksum, actor, reason, NULL, previousHash, hash FROM audit WHERE id = 3",
        "INSERT INTO audit SELECT 9, at, event, version, previousVersion, share, checksum, actor, reason, NULL, (SELECT hash FROM audit WHERE id = 5), '\(String(repeating: "b", count: 64))' FROM audit WHERE id = 3",
    ])
    func `the schema itself refuses to change what served`(_ statement: String) async throws {
        let store = try await store()

        await #expect(throws: StoreError.self) { try await store.execute(statement) }

        #expect(try await store.auditTrail().entries.count == 5)
    }

    /// What somebody might do who first takes the triggers away.
    @Test(arguments: [
        ("UPDATE audit SET actor = 'eve' WHERE id = 2", "entry 2 was changed after it was written"),
        ("UPDATE audit SET at = '2026-01-09 12:00:11.123' WHERE id = 2", "entry 2 was changed"),
        ("DELETE FROM audit WHERE id = 3", "entry 3 is missing: entry 4 stands in its place"),
        ("DELETE FROM audit WHERE id = 5", "promotion 3 (version 1) has no entry"),
        ("UPDATE promotion SET version = 3 WHERE id = 2", "entry 2 and promotion 2 tell different stories"),
        (
            "UPDATE modelVersion SET checksum = '\(String(repeating: "c", count: 64))' WHERE version = 3",
            "entry 3 names other weights of version 3 than registered"
        ),
        ("UPDATE audit SET share = 0.9 WHERE id = 3", "entry 3 was changed"),
    ])
    func `a chain that was broken says where`(_ statement: String, _ fault: String) async throws {
        let store = try await store()
        for trigger in [
            "audit_neverChanges", "audit_neverEnds", "promotion_neverChanges", "modelVersion_neverChanges",
        ] {
            try await store.execute("DROP TRIGGER \(trigger)")
        }

        try await store.execute(statement)

        let faults = try await store.auditTrail().faults
        #expect(faults.first?.hasPrefix(fault) == true, "\(faults)")
    }

    @Test func `a promotion that cannot be written leaves no entry`() async throws {
        let store = try await store()

        await #expect(throws: StoreError.alreadyLive(1)) {
            _ = try await store.promote(version: 1, kind: .rollback, at: noon(50))
        }

        #expect(try await store.auditTrail().entries.count == 5)
    }

    @Test func `the digest is what its form says`() {
        let entry = AuditEntry(
            id: 1, at: Date(timeIntervalSince1970: 1.5), event: "canary", version: 2, previousVersion: nil,
            share: 0.25, checksum: "c", actor: "ada", reason: "größer", promotionID: nil,
            previousHash: AuditEntry.beginning, hash: "")

        // hashlib.sha256 of the text that the form gives.
        #expect(entry.digest == "d799fe3c61efca89059128fb63c5389e27628fb38069c5a095e06a8b13461922")
    }
}
