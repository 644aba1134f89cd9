import Foundation
import Honing
import Store
import Testing

/// A version knows where it came from: it can be trained again, and taken along.
@Suite struct LineageTests {
    /// A loop in which a person ordered one training and it came through.
    private func trained(_ body: @Sendable (Loop, HonedConfiguration, Int) async throws -> Void) async throws
    {
        var configuration = LivingLoop.configuration()
        configuration.retraining.enabled = false
        configuration.retraining.training.learningRate = 3e-3
        configuration.retraining.training.maximumTokens = 32
        configuration.gate.minimumFresh = 20
        configuration.gate.latencyRatio = 1_000
        let settings = configuration
        try await LivingLoop.run(settings) { loop in
            _ = try await loop.feedback(
                FilmTalk.plain(400, seed: 3).map {
                    FeedbackItem(
                        subject: .text(TextInput(text: $0.text)), label: $0.label, source: "audit_random")
                })
            try await eventually("all rows are scored") { try await loop.store.counts().unscored == 0 }
            let run = try await loop.retrain(
                RetrainOrder(reason: "a lesson", requestedBy: "ada", force: true))
            try await eventually("the run has ended") { try await loop.run(run)?.isFinished ?? false }
            let ended = try #require(try await loop.run(run))
            #expect(ended.state == .promoted, "\(ended)")
            try await body(loop, settings, ended.challengerVersion ?? 0)
        }
    }

    @Test func `a version is trained again bit for bit, and exported with a card of what was measured`()
        async throws
    {
        try await trained { loop, configuration, version in
            let lineage = try #require(try await loop.store.lineage(of: version))
            #expect(lineage.requestedBy == "ada" && lineage.trigger == "manual")
            #expect(lineage.gateID == 1 && lineage.trainingRows > 200)

            let folder = configuration.dataDirectory + "-again"
            let card = configuration.dataDirectory + "-export"
            defer {
                for path in [folder, card, card + "-onnx"] {
                    try? FileManager.default.removeItem(atPath: path)
                }
            }
            let again = try await Reproduction(of: version, configuration, in: folder)
            let outcome = try again.run()
            #expect(outcome.isSame, "\(outcome.sentence)")
            #expect(outcome.sentence.hasPrefix("Version 2 is reproduced bit for bit from "))
            await #expect(throws: ReproductionError.notTrainedHere(1, "imported")) {
                _ = try await Reproduction(of: 1, configuration, in: folder + "-1")
            }

            let export = try await VersionExport(of: version, configuration, to: card)
            #expect(export.files.contains("model.safetensors") && !export.files.contains("manifest.json"))
            let text = try String(contentsOfFile: card + "/README.md", encoding: .utf8)
            #expect(text.hasPrefix("---\nlibrary_name: transformers\npipeline_tag: text-classification\n"))
            for part in [
                "# tiny, version 2", "| benefit | ", lineage.snapshotHash, "asked for by ada",
                "`hone reproduce 2`",
                "promoted by order of ada (a lesson)",
            ] {
                #expect(text.contains(part), "\(part) is missing in:\n\(text)")
            }
            #expect(try FolderModel(card).predict(["a good film"]).count == 1)
            await #expect(throws: ControlError.self) {
                _ = try await VersionExport(of: version, configuration, to: card)
            }
            let other = try await VersionExport(
                of: version, configuration, as: .onnx, to: card + "-onnx")
            #expect(other.files == ["README.md", "config.json", "model.onnx", "vocab.txt"])
            let second = try String(contentsOfFile: card + "-onnx/README.md", encoding: .utf8)
            #expect(second.contains("- onnx\n") && second.contains("from onnxruntime import"))

            let audit = try await AuditReport(configuration)
            #expect(audit.isWhole && audit.entries.map(\.event) == ["forced", "forced"])
            #expect(audit.text.contains("The trail is whole: 2 entries"))
            let wrong = try await AuditReport(configuration, witness: String(repeating: "f", count: 64))
            #expect(!wrong.isWhole && wrong.text.contains("no entry has the hash"))
        }
    }

    @Test func `a dry run tells what it would do, and does nothing`() async throws {
        var configuration = LivingLoop.configuration()
        configuration.retraining.dryRun = true
        configuration.retraining.minimumNewLabels = 100
        configuration.retraining.afterNewLabels = 100
        try await LivingLoop.run(configuration) { loop in
            _ = try await loop.feedback(
                FilmTalk.plain(150, seed: 4).map {
                    FeedbackItem(
                        subject: .text(TextInput(text: $0.text)), label: $0.label, source: "audit_random")
                })

            try await eventually("the decision") {
                try await loop.status().decision.hasPrefix("a run would start now, were this no dry run: ")
            }

            #expect(try await loop.store.runs(limit: 9).isEmpty)
        }
    }
}
