import Foundation
import Honing
import Testing

/// What a reload puts in force without a restart.
@Suite struct ReloadTests {
    private func source(_ name: String, _ url: String) -> SourceSettings {
        var source = SourceSettings()
        source.name = name
        source.url = url
        source.cursor.kind = .page
        source.interval = .milliseconds(50)
        return source
    }

    @Test func `sources are followed anew with each reload, and go on where they stood`() async throws {
        let first = StubSource { page in page < 3 ? FilmTalk.plain(1, seed: 1 + UInt64(page)) : [] }
        let second = StubSource { page in page == 0 ? FilmTalk.plain(1, seed: 50) : [] }
        try await first.serve { firstURL in
            try await second.serve { secondURL in
                var configuration = LivingLoop.configuration()
                configuration.sources = [source("first", firstURL)]
                let original = configuration
                try await LivingDaemon.run(original) { daemon in
                    func rows(_ name: String) async throws -> Int {
                        try await daemon.loop.status().sources.first { $0.name == name }?.rows ?? 0
                    }
                    try await eventually("the first source is read") { try await rows("first") == 3 }

                    // One is added …
                    var both = daemon.configuration
                    both.sources.append(source("second", secondURL))
                    let outcome = try await daemon.loop.reload(both)
                    #expect(outcome.sentence.contains("sources.second.url: \(secondURL) (new)"))
                    try await eventually("the second source is read") { try await rows("second") == 1 }

                    // … and taken away again: from its last page on nothing is asked for.
                    _ = try await daemon.loop.reload(daemon.configuration)
                    let asked = second.pages
                    let before = first.pages
                    try await eventually("the first source is asked again") { first.pages > before + 2 }
                    #expect(second.pages <= asked + 1)
                    #expect(try await rows("first") == 3)
                }
            }
        }
    }

    @Test func `a wider window counts at once, also the rows that came before`() async throws {
        var configuration = LivingLoop.configuration()
        configuration.watching.window = 50
        let narrow = configuration
        try await LivingDaemon.run(narrow) { daemon in
            let rows = FilmTalk.plain(80, seed: 3).map {
                FeedbackItem(
                    subject: .text(TextInput(text: $0.text)), label: $0.label, source: "audit_random")
            }
            _ = try await daemon.loop.feedback(rows)
            try await eventually("all rows are scored") {
                try await daemon.loop.status().accuracy?.count == rows.count
            }
            #expect(try await daemon.loop.status().accuracy?.window?.count == 50)

            var wide = daemon.configuration
            wide.watching.window = 500
            let outcome = try await daemon.loop.reload(wide)

            #expect(outcome.sentence.contains("watching.window: 50 → 500"))
            #expect(!outcome.sentence.contains("restart"))
            #expect(try await daemon.loop.status().accuracy?.window?.count == rows.count)
        }
    }

    @Test func `retraining can be switched off and on`() async throws {
        var configuration = LivingLoop.configuration()
        configuration.retraining.enabled = false
        // Ten labels are a reason, so that only the switch keeps a run from starting.
        configuration.retraining.afterNewLabels = 10
        configuration.retraining.minimumNewLabels = 10
        let off = configuration
        try await LivingDaemon.run(off) { daemon in
            func feedback(_ seed: UInt64) async throws {
                let rows = FilmTalk.plain(20, seed: seed).map {
                    FeedbackItem(
                        subject: .text(TextInput(text: $0.text)), label: $0.label, source: "audit_random")
                }
                _ = try await daemon.loop.feedback(rows)
                try await eventually("the rows are scored and considered") {
                    let status = try await daemon.loop.status()
                    let isDecided = !status.decision.contains("no labelled rows")
                    return status.accuracy?.count ?? 0 >= 20 && isDecided
                }
            }
            try await feedback(1)
            let waiting = try await daemon.loop.status()
            #expect(waiting.run == nil && waiting.lastRun == nil)
            #expect(waiting.decision.contains("retraining.enabled"))

            var on = daemon.configuration
            on.retraining.enabled = true
            _ = try await daemon.loop.reload(on)
            try await feedback(2)
            try await eventually("a run starts") {
                let status = try await daemon.loop.status()
                return status.run != nil || status.lastRun != nil
            }
        }
    }

    @Test func `a shorter retention holds from the next round on`() async throws {
        let configuration = LivingLoop.configuration()
        try await LivingDaemon.run(configuration) { daemon in
            for number in 2...4 {
                _ = try await daemon.loop.importModel(
                    ImportOrder(
                        folder: LivingLoop.tinyBert, reason: "number \(number)", requestedBy: "a test"))
            }
            func folders() throws -> [String] {
                try FileManager.default.contentsOfDirectory(
                    atPath: configuration.dataDirectory + "/models/versions"
                ).sorted()
            }
            try await daemon.loop.janitor.tidy(at: Date())
            #expect(try folders().count == 4)

            var strict = daemon.configuration
            strict.retention.versions = 1
            _ = try await daemon.loop.reload(strict)
            try await daemon.loop.janitor.tidy(at: Date())

            // The live version and the newest stay.
            #expect(try folders() == ["0001", "0004"])
        }
    }

    @Test func `what takes a restart is said and left as it is`() async throws {
        let configuration = LivingLoop.configuration()
        try await LivingDaemon.run(configuration) { daemon in
            var other = daemon.configuration
            other.server.limits.textsPerRequest = 1
            other.server.limits.tokensPerBatch = 1_024
            other.model.name = "other"
            other.control.mode = 0o600
            other.gate.churn = 0.07

            let outcome = try await daemon.loop.reload(other)

            let waiting = outcome.changes.filter(\.needsRestart).map(\.key)
            #expect(
                waiting == [
                    "control.mode", "model.name", "server.limits.texts_per_request",
                    "server.limits.tokens_per_batch",
                ])
            #expect(outcome.sentence.contains("model.name: tiny → other (after a restart)"))
            #expect(outcome.sentence.contains("gate.churn: 5% → 7%"))
            let batch = try await daemon.door.post("/predict", #"{"inputs":[["good"],["bad"]]}"#)
            #expect(batch.status == 200)
            #expect(try await daemon.loop.status().model?.name == "tiny")

            // The same file again: what waits for a restart is still said, and nothing else.
            let again = try await daemon.loop.reload(other)
            #expect(again.changes.map(\.key) == waiting)
        }
    }
}
