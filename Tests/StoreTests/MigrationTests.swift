import Foundation
import Store
import Testing

/// What an earlier Hone left becomes what this one expects.
@Suite struct MigrationTests {
    /// The first form, with two versions, two promotions, two judged runs and some rows of the hold-out.
    private func earlier() async throws -> Database {
        let store = try Database.inMemory(upTo: "0001 the loop closes")
        for version in 1...2 { try await store.addVersion(version) }
        func hash(_ row: Int) -> String {
            let digits = String(row, radix: 16)
            return String(repeating: "0", count: 64 - digits.count) + digits
        }
        for row in 1...9 {
            try await store.execute(
                """
                INSERT INTO example (contentHash, text, label, receivedAt, source, split, scoring) VALUES
                  ('\(hash(row))', 't\(row)', 'good', '2026-01-09 12:00:00.000', 'import',
                   '\(row < 7 ? "holdout" : "train")', '\(row < 5 ? "exempt" : "scored")')
                """)
        }
        for (run, state) in [(1, "refused"), (2, "promoted"), (3, "failed")] {
            let verdict = state == "failed" ? "NULL" : "'{\"sentence\":\"\(state)\"}'"
            try await store.execute(
                """
                INSERT INTO trainingRun (trigger, reason, requestedBy, state, baseVersion, queuedAt, directory)
                VALUES ('manual', 'r', 'ada', 'queued', 1, '2026-01-09 12:00:00.000', '')
                """)
            for step in state == "failed" ? ["failed"] : ["running", "judging", state] {
                let end = ["running", "judging"].contains(step) ? "NULL" : "'2026-01-09 12:0\(run):00.000'"
                try await store.execute(
                    """
                    UPDATE trainingRun SET state = '\(step)', startedAt = '2026-01-09 12:00:00.000',
                      finishedAt = \(end), cut = 6, verdict = \(verdict) WHERE id = \(run)
                    """)
            }
        }
        for (version, kind) in [(1, "initial"), (2, "promoted")] {
            try await store.execute(
                """
                INSERT INTO promotion (at, version, previousVersion, kind, reason, actor, referenceErrors,
                  referenceCount) VALUES ('2026-01-09 12:0\(version):30.123', \(version),
                  \(version == 1 ? "NULL" : "1"), '\(kind)', 'because', 'ada', 0, 10)
                """)
        }
        return store
    }

    @Test func `the trail of audit begins with all promotions that there were`() async throws {
        let store = try await earlier()

        try store.migrate()

        let trail = try await store.auditTrail()
        #expect(trail.faults == [])
        #expect(trail.entries.map(\.event) == ["initial", "promoted"])
        _ = try await store.promote(version: 1, kind: .rollback, at: noon(999))
        #expect(try await store.auditTrail().faults == [])
    }

    @Test func `trials that were judged before count against the first anchor`() async throws {
        let store = try await earlier()

        try store.migrate()

        let gates = try await store.gates(limit: 9)
        #expect(gates.map(\.number) == [2, 1] && gates.map(\.isPromoted) == [true, false])
        let anchor = try await store.currentAnchor(limit: 2_000, lifetime: 50, minimum: 200, at: noon())
        #expect(anchor.id == 1 && anchor.gates == 2 && anchor.rows.map(\.id) == [1, 2, 3, 4])
    }

    @Test func `runs from before cost nothing that is known`() async throws {
        let store = try await earlier()

        try store.migrate()

        #expect(try await store.run(2)?.cpuSeconds == 0)
        #expect(try await store.lineage(of: 2) == nil)
    }

    @Test func `a database in which nothing was judged draws its anchor later`() async throws {
        let store = try Database.inMemory(upTo: "0001 the loop closes")
        try await store.addVersion(1)

        try store.migrate()

        #expect(try await store.rows("SELECT count(*) FROM anchor") == ["0"])
    }
}
