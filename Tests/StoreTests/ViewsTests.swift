import Corpus
import Foundation
import Store
import Testing

@Suite struct ViewsTests {
    /// A small life: a model, rows right and wrong, an alarm, a run, a second model.
    private func store() async throws -> Database {
        let store = try await Database.withLiveVersion()
        _ = try await store.recordPage(
            source: "feed", examples: examples(0..<4),
            rejected: [.init(line: 2, reason: "no JSON", excerpt: "{")],
            state: "{}", at: noon())
        try await store.insert(
            outcomes: (1...4).map { outcome($0, isWrong: $0 == 4, at: noon(Double($0) * 43_200)) })
        try await store.insert(
            predictions: (0..<3).map { prediction("r\($0)", "text", at: noon(Double($0))) })
        try await store.insert(
            detection: Detection(
                at: noon(5), detector: "SR", verdict: "drift", evidence: 4.5, threshold: 4, exampleID: 4,
                modelVersion: 1))
        try await store.insert(metrics: [
            Metric(
                at: noon(6), name: "accuracy", value: 0.75, lower: 0.3, upper: 0.95, count: 4, modelVersion: 1
            )
        ])
        try await store.enqueue(
            alerts: [
                StoredAlert(
                    event: "detection/1", channel: "pager", kind: "drift_alarm", at: noon(5), body: "{}",
                    queuedAt: noon(5))
            ], at: noon(5))
        let run = try await store.judgingRun(at: noon(10))
        try await store.addVersion(2, runID: run)
        _ = try await store.promote(
            version: 2, kind: .promoted, reason: "better", actor: "policy", runID: run, referenceErrors: 1,
            referenceCount: 10, verdict: #"{"sentence":"promoted: 9 of 10"}"#, at: noon(70))
        let anchor = try await store.currentAnchor(limit: 9, lifetime: 50, minimum: 1, at: noon(65))
        try await store.record(
            Gate(
                at: noon(66), anchorID: anchor.id, champion: 1, runID: run, isPromoted: true,
                verdict: #"{"sentence":"promoted: 9 of 10"}"#))
        return store
    }

    @Test(arguments: [
        (
            "SELECT version, live_since, kind, previous_version, reference_errors FROM live_model",
            ["2|2026-01-09 12:01:10.000|promoted|1|1"]
        ),
        (
            "SELECT version, live_until, reference_accuracy FROM model_history",
            ["1|2026-01-09 12:01:10.000|0.92", "2||0.9"]
        ),
        (
            "SELECT day, version, labelled, correct, accuracy FROM accuracy_by_day",
            ["2026-01-10|1|2|2.0|1.0", "2026-01-11|1|2|1.0|0.5"]
        ),
        ("SELECT version, label, labelled, recall FROM accuracy_by_label", ["1|good|4|0.75"]),
        ("SELECT at, name, value, version FROM metric_history", ["2026-01-09 12:00:06.000|accuracy|0.75|1"]),
        ("SELECT detector, verdict, evidence, version, example FROM drift_events", ["SR|drift|4.5|1|4"]),
        (
            "SELECT run, trigger, state, seconds, challenger_version, verdict FROM run_history",
            ["1|manual|promoted|60|2|promoted: 9 of 10"]
        ),
        ("SELECT hour, version, label, predictions FROM prediction_rate", ["2026-01-09 12:00|1|good|3"]),
        (
            "SELECT gate, anchor, number, champion, run, is_promoted, verdict FROM gate_history",
            ["1|1|1|1|1|1|promoted: 9 of 10"]
        ),
        ("SELECT source, reason, rows FROM quarantine_by_reason", ["feed|no JSON|1"]),
        ("SELECT source, consecutive_failures, rows, rejected FROM source_health", ["feed|0|4|1"]),
        (
            "SELECT alert, event, channel, state, attempts, next_attempt_at FROM alert_history",
            ["1|detection/1|pager|waiting|0|2026-01-09 12:00:05.000"]
        ),
    ])
    func `a view tells what happened`(_ question: String, _ answer: [String]) async throws {
        #expect(try await store().rows(question) == answer)
    }

    @Test func `the guide names every view and every column`() async throws {
        let store = try Database.inMemory()
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let guide = try String(
            contentsOf: root.appending(path: "Sources/Store/Documentation.docc/Views.md"), encoding: .utf8)

        let columns = try await store.rows(
            """
            SELECT v.name, c.name FROM sqlite_schema AS v JOIN pragma_table_info(v.name) AS c
            WHERE v.type = 'view' ORDER BY v.name, c.cid
            """)
        #expect(columns.count > 60)
        var missing: [String] = []
        for column in columns {
            let parts = column.split(separator: "|")
            let section = guide.components(separatedBy: "## ").first { $0.hasPrefix("`\(parts[0])`") } ?? ""
            if !section.contains("`\(parts[1])`") { missing.append(column) }
        }
        #expect(missing == [])
    }
}
