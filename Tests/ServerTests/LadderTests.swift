import Corpus
import Foundation
import Honing
import Store
import Synchronization
import Testing

/// Remedies from cheap to dear, through a living loop.
@Suite struct LadderTests {
    private static func configuration() -> HonedConfiguration {
        var configuration = LivingLoop.configuration()
        configuration.retraining.training.learningRate = 3e-3
        configuration.retraining.training.maximumTokens = 32
        configuration.gate.minimumFresh = 20
        // How fast the machine is today is not what is tested.
        configuration.gate.latencyRatio = 1_000
        return configuration
    }

    private static func label(_ rows: [StubSource.Row], _ loop: Loop) async throws {
        _ = try await loop.feedback(
            rows.map {
                FeedbackItem(
                    subject: .text(TextInput(text: $0.text)), label: $0.label, source: "audit_random")
            })
        try await eventually("all rows are scored") { try await loop.store.counts().unscored == 0 }
    }

    /// Lets one remedy through by force.
    private static func order(_ level: String, _ loop: Loop) async throws -> RunSummary {
        let run = try await loop.retrain(
            RetrainOrder(reason: "a lesson", requestedBy: "ada", force: true, level: level))
        try await eventually("the run has ended") { try await loop.run(run)?.isFinished ?? false }
        return try #require(try await loop.run(run))
    }

    @Test func `each remedy can be ordered, is tried alone, and its version is trained again bit for bit`()
        async throws
    {
        var configuration = Self.configuration()
        configuration.retraining.enabled = false
        let settings = configuration
        let folder = settings.dataDirectory + "-first"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await Loop.importOffline(try FilmTalk.firstModel(in: folder), settings)
        try await LivingLoop.run(settings) { loop in
            var parents: [String: Int?] = [:]
            for (place, level) in RetrainOrder.levels.enumerated() {
                // Each version learned all that there was.
                try await Self.label(FilmTalk.plain(200, seed: 70 + UInt64(place)), loop)
                let run = try await Self.order(level, loop)
                #expect(run.state == .promoted, "\(level): \(run)")
                #expect(run.rungs?.map(\.level) == [level] && run.rungs?.first?.outcome == "promoted")
                let version = try #require(run.challengerVersion)
                #expect(loop.predictor.slot.current?.version == version)
                parents[level] = try await loop.store.version(version)?.parent
                guard level != "archive" else { continue }
                let summary = try #require(try await loop.versions().first { $0.version == version })
                #expect(summary.level == level && summary.seconds ?? 0 > 0)
                let again = settings.dataDirectory + "-again-" + level
                defer { try? FileManager.default.removeItem(atPath: again) }
                let outcome = try await Reproduction(of: version, settings, in: again).run()
                #expect(outcome.isSame, "\(level): \(outcome.sentence)")
            }
            #expect(parents["base"] == 1)
            await #expect(throws: ControlError.noSuchLevel("luck")) {
                _ = try await loop.retrain(RetrainOrder(requestedBy: "ada", level: "luck"))
            }
        }
    }

    @Test func `a run that may search trains with what it found, and is trained again bit for bit`()
        async throws
    {
        var configuration = Self.configuration()
        configuration.retraining.enabled = false
        configuration.retraining.search = .seconds(4)
        let settings = configuration
        let folder = settings.dataDirectory + "-first"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await Loop.importOffline(try FilmTalk.firstModel(in: folder), settings)
        try await LivingLoop.run(settings) { loop in
            try await Self.label(FilmTalk.plain(300, seed: 60), loop)
            let run = try await Self.order("full", loop)
            #expect(run.state == .promoted, "\(run)")
            let version = try #require(run.challengerVersion)

            let runs = settings.dataDirectory + "/runs/0001-full/"
            func object(_ name: String) throws -> [String: Any] {
                let json = try JSONSerialization.jsonObject(
                    with: Data(contentsOf: URL(filePath: runs + name)))
                return try #require(json as? [String: Any])
            }
            let (choice, plan) = (try object("choice.json"), try object("plan.json"))
            #expect(try #require(choice["trials"] as? Int) >= 3)
            let trained = try #require(try await loop.store.version(version))
            let arguments = try JSONSerialization.jsonObject(with: Data(trained.arguments.utf8))
            #expect(arguments as? NSDictionary == choice["arguments"] as? NSDictionary)
            let offered = try #require((plan["search"] as? [String: Any])?["replayed"] as? Int)
            let share = try #require(choice["replayShare"] as? Double)
            let snapshot = try await loop.store.snapshot(of: version)
            let lines = try String(contentsOfFile: runs + "train.jsonl", encoding: .utf8)
            let rows = lines.split(separator: "\n").count
            #expect(snapshot.training.count == rows - offered + Int((Double(offered) * share).rounded()))
            #expect(run.trainingRows == snapshot.training.count)

            let again = settings.dataDirectory + "-again"
            defer { try? FileManager.default.removeItem(atPath: again) }
            let outcome = try await Reproduction(of: version, settings, in: again).run()
            #expect(outcome.isSame, "\(outcome.sentence)")
        }
    }

    @Test func `labels sent in the breath before a training was ordered are learned`() async throws {
        var configuration = Self.configuration()
        configuration.retraining.enabled = false
        let settings = configuration
        let folder = settings.dataDirectory + "-first"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await Loop.importOffline(try FilmTalk.firstModel(in: folder), settings)
        try await LivingLoop.run(settings) { loop in
            let rows = FilmTalk.plain(1_000, seed: 90)
            _ = try await loop.feedback(
                rows.map {
                    FeedbackItem(subject: .text(TextInput(text: $0.text)), label: $0.label, source: "bulk")
                })
            let run = try await Self.order("prior", loop)
            let cut = try await loop.store.trainingCut(of: try #require(run.challengerVersion))
            #expect(try await loop.store.scoringProgress(of: .textClassification).newest == cut)
        }
    }

    @Test func `what comes back is met by the version that knew it, and nothing is trained`() async throws {
        var configuration = Self.configuration()
        configuration.retraining.minimumNewLabels = 300
        configuration.retraining.coolDown = .zero
        // The hold-out is half of the talk that came between, which the earlier version does not know.
        configuration.gate.anchorMargin = 0.5
        configuration.gate.churn = 1
        let settings = configuration
        let folders = ["-plain", "-negated"].map { settings.dataDirectory + $0 }
        defer { for folder in folders { try? FileManager.default.removeItem(atPath: folder) } }
        _ = try await Loop.importOffline(
            try FilmTalk.model(of: FilmTalk.plain(2_000, seed: 1), epochs: 6, in: folders[0]), settings)
        var second = try FilmTalk.model(of: FilmTalk.negated(2_000, seed: 2), epochs: 6, in: folders[1])
        second.promote = true
        _ = try await Loop.importOffline(second, settings)

        try await LivingLoop.run(settings) { loop in
            #expect(loop.predictor.slot.current?.version == 2)
            try await Self.label(FilmTalk.plain(500, seed: 8), loop)
            try await eventually("the run has ended") { try await loop.run(1)?.isFinished ?? false }

            let run = try #require(try await loop.run(1))
            #expect(loop.predictor.slot.current?.version == 1, "\(run)")
            #expect(run.state == .promoted && run.challengerVersion == 1 && run.trigger == "accuracy")
            #expect(run.rungs?.map(\.level) == ["archive"])
            #expect(run.rungs?.first?.rows == 0)
            #expect(try await loop.versions().count == 2)
            #expect(try await loop.store.gates(limit: 9).map(\.version) == [1])
        }
    }

    @Test(arguments: [1, 2])
    func `a training whose loss is no number any more begins once more from another seed`(failures: Int)
        async throws
    {
        var configuration = Self.configuration()
        configuration.retraining.enabled = false
        let settings = configuration
        let folder = settings.dataDirectory + "-first"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await Loop.importOffline(try FilmTalk.firstModel(in: folder), settings)
        let calls = Mutex(0)
        let trainer: Retrainer.Trainer = { directory, _ in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            if call > failures {
                try directory.train()
            } else {
                try directory.noteDivergence()
                throw RetrainError.trainerFailed(status: "ended with status 1", lastWords: "", log: "")
            }
        }
        try await LivingLoop.run(settings, trainer: trainer) { loop in
            try await Self.label(FilmTalk.plain(200, seed: 9), loop)
            let run = try await Self.order("full", loop)

            #expect(calls.withLock { $0 } == 2)
            guard failures == 1 else {
                #expect(run.state == .failed && run.challengerVersion == nil)
                #expect(run.error?.hasPrefix("from two seeds the training learned no more") ?? false)
                return
            }
            #expect(run.state == .promoted)
            let again = settings.dataDirectory + "-again"
            defer { try? FileManager.default.removeItem(atPath: again) }
            let version = try #require(run.challengerVersion)
            #expect(try await Reproduction(of: version, settings, in: again).run().isSame)
        }
    }
}
