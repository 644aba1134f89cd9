import Foundation
import Honing
import Store
import Testing

/// A list of terms that should make no difference, in the gate of a living loop.
@Suite struct TermsTests {
    @Test func `the gate weighs terms for both models, and a list in disorder ends a run before it trains`()
        async throws
    {
        var configuration = LivingLoop.configuration()
        configuration.retraining.training.learningRate = 3e-3
        configuration.retraining.training.maximumTokens = 32
        configuration.retraining.enabled = false
        configuration.gate.minimumFresh = 20
        configuration.gate.latencyRatio = 1_000
        let list = configuration.dataDirectory + "-terms.txt"
        configuration.gate.terms = list
        let settings = configuration
        let folder = settings.dataDirectory + "-first"
        defer { for path in [folder, list] { try? FileManager.default.removeItem(atPath: path) } }
        try "film <-> films\ngood <-> bad\n".write(toFile: list, atomically: true, encoding: .utf8)
        _ = try await Loop.importOffline(try FilmTalk.firstModel(in: folder), settings)
        try await LivingLoop.run(settings) { loop in
            func train() async throws -> RunSummary {
                let run = try await loop.retrain(RetrainOrder(requestedBy: "ada", level: "full"))
                try await eventually("the run has ended") { try await loop.run(run)?.isFinished ?? false }
                return try #require(try await loop.run(run))
            }
            _ = try await loop.feedback(
                FilmTalk.plain(300, seed: 61).map {
                    FeedbackItem(
                        subject: .text(TextInput(text: $0.text)), label: $0.label, source: "audit_random")
                })
            try await eventually("all rows are scored") { try await loop.store.counts().unscored == 0 }

            _ = try await train()
            let gate = try #require(try await loop.store.gates(limit: 1).first)
            let verdict = try JSONSerialization.jsonObject(with: Data(gate.verdict.utf8)) as? [String: Any]
            let checks = try #require(verdict?["checks"] as? [[String: Any]])
            let terms = try #require(checks.first { $0["name"] as? String == "terms" })
            let figures = try #require(terms["figures"] as? [String: Double])
            // What is said of a film turns with good and bad, whichever model is asked.
            #expect(figures["texts"] ?? 0 > 100, "\(terms)")
            for model in ["championChanges", "challengerChanges"] {
                #expect(figures[model] ?? 0 > 0.9, "\(terms)")
            }
            #expect(terms["outcome"] as? String == "passed")

            try "good <-> bad\nbad <-> good\n".write(toFile: list, atomically: true, encoding: .utf8)
            let run = try await train()
            #expect(run.state == .failed && run.rungs ?? [] == [])
            #expect(run.error?.contains("-terms.txt:2: this pair stands in line 1 already") ?? false)
        }
    }
}
