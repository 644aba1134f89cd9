import Foundation
import Store
import TestSupport
import Testing

@Suite struct SchemaTests {
    @Test func `tables and views are what was released`() async throws {
        let store = try Database.inMemory()

        let schema = try await store.rows(
            """
            SELECT sql || ';' FROM sqlite_schema
            WHERE sql IS NOT NULL AND name NOT GLOB 'grdb_*' AND name NOT GLOB 'sqlite_*'
            ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'trigger' THEN 2 ELSE 3 END, name
            """)

        try expectSnapshot(schema.joined(separator: "\n\n") + "\n", "schema.sql")
    }

    /// Statements that would make the database say what cannot be, whoever runs them.
    static let lies = [
        "INSERT INTO example (contentHash, text, label, receivedAt, source, split) VALUES ('xyz', 't', 'l', '2026-01-01 00:00:00.000', 's', 'train')",
        "UPDATE example SET split = 'holdout' WHERE id = 1",
        "UPDATE example SET text = 'other' WHERE id = 1",
        "UPDATE example SET weight = -1",
        "UPDATE example SET receivedAt = 'yesterday'",
        "UPDATE example SET receivedAt = NULL",
        "DELETE FROM example WHERE id = 1",
        "INSERT INTO prediction SELECT NULL, 'r', 0, 9, 't', NULL, 'l', 0.5, '[]', 1, 0, '2026-01-01 00:00:00.000'",
        "INSERT INTO prediction SELECT NULL, 'r', 0, 1, 't', NULL, 'l', 1.5, '[]', 1, 0, '2026-01-01 00:00:00.000'",
        "INSERT INTO prediction SELECT NULL, 'r', -1, 1, 't', NULL, 'l', 0.5, '[]', 1, 0, '2026-01-01 00:00:00.000'",
        "INSERT INTO prediction SELECT NULL, 'r', 0, 1, 't', NULL, 'l', 0.5, 'no json', 1, 0, '2026-01-01 00:00:00.000'",
        "UPDATE outcome SET loss = 1.01",
        "UPDATE outcome SET exampleID = 77",
        "UPDATE outcome SET confidence = 'high'",
        "UPDATE promotion SET version = 1",
        "DELETE FROM promotion",
        "INSERT INTO promotion SELECT NULL, at, 99, NULL, kind, reason, actor, NULL, 0, 1, NULL FROM promotion",
        "INSERT INTO promotion SELECT NULL, at, 1, NULL, 'luck', reason, actor, NULL, 0, 1, NULL FROM promotion",
        "INSERT INTO promotion SELECT NULL, at, 1, NULL, kind, reason, actor, NULL, 2, 1, NULL FROM promotion",
        "UPDATE modelVersion SET checksum = checksum",
        "DELETE FROM modelVersion",
        "INSERT INTO trainingRun (trigger, reason, requestedBy, state, baseVersion, queuedAt, directory) VALUES ('manual', '', '', 'judging', 1, '2026-01-01 00:00:00.000', '')",
        "INSERT INTO detection SELECT NULL, '2026-01-01 00:00:00.000', 'SR', 'stable', 1, 1, 1, NULL, 1, '{}'",
        "UPDATE source SET state = 'no json'",
        "UPDATE source SET rows = -1",
    ]

    @Test(arguments: lies) func `the schema itself refuses a lie`(_ statement: String) async throws {
        let store = try await Database.withLiveVersion()
        _ = try await store.recordPage(
            source: "feed", examples: examples(0..<1), rejected: [], state: "{}", at: noon())
        try await store.insert(outcomes: [outcome(1)])

        let error = await #expect(throws: StoreError.self) { try await store.execute(statement) }

        guard case .refused = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// Statements that are asked often or on long tables, as the sources write them.
    static let questions = [
        "SELECT 1 FROM example WHERE contentHash = 'a'",
        "SELECT * FROM example WHERE scoring = 'waiting' ORDER BY id LIMIT 9",
        "SELECT * FROM example WHERE split = 'train' AND id > 1 AND id < 9 ORDER BY id DESC LIMIT 9",
        "SELECT * FROM example WHERE id >= 1 AND scoring <> 'exempt' AND (split = 'holdout' OR id > 9) ORDER BY id DESC LIMIT 9",
        "SELECT * FROM example WHERE split = 'holdout' AND scoring = 'exempt' ORDER BY substr(contentHash, 33) LIMIT 9",
        "SELECT min(receivedAt) FROM example WHERE receivedAt >= '2026'",
        "SELECT * FROM prediction WHERE requestID = 'r' AND item = 0 ORDER BY id DESC LIMIT 1",
        "SELECT * FROM prediction WHERE createdAt >= '2026' AND createdAt < '2027' ORDER BY createdAt, id LIMIT 9",
        "SELECT id FROM prediction WHERE createdAt < '2026' ORDER BY createdAt LIMIT 1000",
        "SELECT * FROM outcome WHERE modelVersion = 1 AND exampleID > 1 ORDER BY exampleID LIMIT 9",
        "SELECT * FROM outcome WHERE scoredAt >= '2026' AND scoredAt < '2027' ORDER BY scoredAt, exampleID LIMIT 9",
        "SELECT o.*, e.receivedAt FROM outcome AS o JOIN example AS e ON e.id = o.exampleID WHERE o.modelVersion = 1 AND o.exampleID > 1 AND o.scoredAt >= '2026' ORDER BY o.exampleID LIMIT 9",
        "SELECT * FROM metric WHERE name = 'accuracy' AND at >= '2026' ORDER BY at, id",
        "SELECT * FROM detection WHERE at >= '2026' ORDER BY at, id",
        "SELECT * FROM promotion ORDER BY id DESC LIMIT 1",
        "SELECT channel FROM alert WHERE event = 'e'",
        "SELECT * FROM alert WHERE state = 'waiting' AND nextAttemptAt <= '2026'",
        "SELECT receivedAt FROM example WHERE receivedAt >= '2026' AND receivedAt < '2027' ORDER BY receivedAt DESC LIMIT 1 OFFSET 9",
        "SELECT * FROM live_model",
    ]

    @Test(arguments: questions) func `a frequent question reads no whole table`(_ question: String)
        async throws
    {
        let store = try Database.inMemory()

        let plan = try await store.rows("EXPLAIN QUERY PLAN " + question)

        // Walking a table by its key until the limit is met is no search, and needs none.
        let walks = plan.filter { $0.contains("SCAN") && !question.contains("ORDER BY id DESC LIMIT 1") }
        #expect(walks.filter { !$0.contains("USING INDEX") && question != "SELECT * FROM live_model" } == [])
        if question.hasSuffix("LIMIT 9"), !question.contains("substr") {
            #expect(plan.filter { $0.contains("TEMP B-TREE FOR ORDER BY") } == [])
        }
    }
}
