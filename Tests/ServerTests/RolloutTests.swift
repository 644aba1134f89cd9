import Foundation
import Honing
import Store
import Testing

/// How versions take over from each other, with a model that understands plain talk and one that does not.
@Suite struct RolloutTests {
    /// Version 1 answers at random, version 2 is right.
    private func run(
        _ settings: (inout RolloutSettings) -> Void = { _ in }, first: Int = 1,
        _ body: @Sendable (Loop) async throws -> Void
    ) async throws {
        var configuration = LivingLoop.configuration()
        configuration.retraining.enabled = false
        settings(&configuration.retraining.rollout)
        let folder = configuration.dataDirectory + "-good"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var good = try FilmTalk.firstModel(in: folder)
        good.examples = nil
        let bad = ImportOrder(folder: LivingLoop.tinyBert, reason: "random", requestedBy: "ada")
        var order = [bad, good]
        order[first - 1].promote = true
        for order in order { _ = try await Loop.importOffline(order, configuration) }
        try await LivingLoop.run(configuration, body)
    }

    private func label(_ loop: Loop, _ count: Int, seed: UInt64) async throws {
        _ = try await loop.feedback(
            FilmTalk.plain(count, seed: seed).map {
                FeedbackItem(
                    subject: .text(TextInput(text: $0.text)), label: $0.label, source: "audit_random")
            })
    }

    /// Lets a version take over as one that passed the gate.
    ///
    /// - Returns: the stage that it is in now.
    private func admit(_ version: Int, _ loop: Loop) async throws -> String? {
        _ = try await loop.rollout.admit(
            try await loop.promoter.load(version),
            Promoter.Act(kind: .promoted, reason: "promoted: by the test", actor: "policy"),
            reference: try await loop.promoter.reference(of: version))
        return try await loop.store.activeRollout()?.stage
    }

    @Test func `a version that does harm is taken back by itself, and stays known for it`() async throws {
        try await run(first: 2) { loop in
            #expect(try await admit(1, loop) == "probation")
            #expect(loop.predictor.slot.current?.version == 1)

            try await label(loop, 300, seed: 5)
            try await eventually("version 2 is back") { loop.predictor.slot.current?.version == 2 }

            let promotion = try #require(try await loop.store.promotions(limit: 1).first)
            #expect(promotion.kind == .rollback && promotion.actor == "honed")
            #expect(
                promotion.reason.hasPrefix("probation: version 1 is worse than version 2 beyond chance, −"))
            try await eventually("the status tells it") {
                try await loop.status().rollout?.outcome == "back"
            }
            #expect(try await loop.store.rollouts(limit: 9).map(\.outcome) == [.back])
        }
    }

    @Test func `what a person ordered is warned about, not taken back`() async throws {
        try await run(first: 2) { loop in
            _ = try await loop.promote(
                PromotionOrder(version: 1, reason: "a try", requestedBy: "ada", force: true))

            try await label(loop, 300, seed: 5)
            try await eventually("the warning") {
                try await loop.store.rollouts(limit: 1).first?.outcome == .warned
            }

            #expect(loop.predictor.slot.current?.version == 1)
            let sentence = try await loop.status().rollout?.sentence
            #expect(sentence?.contains("ada ordered it, so it stays: `hone rollback` returns") == true)
        }
    }

    @Test func `a version goes from the shadow over a canary to all requests`() async throws {
        try await run({
            $0.shadowLabels = 1_000
            $0.canaryShare = 0.5
            $0.canaryLabels = 200
        }) { loop in
            #expect(try await admit(2, loop) == "shadow")
            let unseen = try await loop.predict([TextInput(text: "good")], requestID: "anybody")
            #expect(unseen.modelVersion == 1)

            try await label(loop, 64, seed: 6)
            try await eventually("the canary") {
                try await loop.store.activeRollout()?.stage == "canary"
            }
            var versions: [String: Int] = [:]
            for request in 0..<60 {
                let id = "client-\(request)"
                let reply = try await loop.predict([TextInput(text: "good")], requestID: id)
                versions[id] = reply.modelVersion
                let again = try await loop.predict([TextInput(text: "bad")], requestID: id)
                #expect(again.modelVersion == reply.modelVersion)
            }
            let share = Double(versions.values.count { $0 == 2 }) / 60
            #expect((0.25...0.75).contains(share), "\(share)")
            #expect(try await loop.status().model?.version == 1)

            try await label(loop, 300, seed: 7)
            try await eventually("all requests") { loop.predictor.slot.current?.version == 2 }
            try await eventually("probation") {
                try await loop.store.activeRollout()?.stage == "probation"
            }
            let stages = try await loop.store.rollouts(limit: 9).reversed()
            #expect(stages.map(\.stage) == ["shadow", "canary", "probation"])
            #expect(stages.map(\.outcome) == [.passed, .passed, nil])
            #expect(try await loop.store.promotions(limit: 1).first?.kind == .promoted)
        }
    }

    @Test func `a shadow that does harm never meets a client`() async throws {
        try await run({ $0.shadowLabels = 1_000 }, first: 2) { loop in
            #expect(try await admit(1, loop) == "shadow")

            try await label(loop, 300, seed: 8)
            try await eventually("the end") { try await loop.store.activeRollout() == nil }

            #expect(try await loop.store.rollouts(limit: 1).first?.outcome == .back)
            #expect(try await loop.store.promotions(limit: 9).map(\.version) == [2])
            #expect(loop.predictor.slot.loaded.map(\.version) == [2])
        }
    }

    @Test func `a rollback needs no disk, and a client may insist on a version that is loaded`() async throws
    {
        try await run { loop in
            _ = try await loop.promote(
                PromotionOrder(version: 2, reason: "a try", requestedBy: "ada", force: true))
            #expect(loop.predictor.slot.loaded.map(\.version) == [2, 1])
            let pinned = try await loop.predict([TextInput(text: "good")], requestID: "x", version: 1)
            #expect(pinned.modelVersion == 1)
            await #expect(throws: PredictionError.versionNotLoaded(7, loaded: [2, 1])) {
                _ = try await loop.predict([TextInput(text: "good")], requestID: "x", version: 7)
            }

            // Given files that can be read no more:
            let files = LivingLoopFiles(loop)
            try files.hide(1)
            let receipt = try await loop.rollback(PromotionOrder(requestedBy: "ada"))

            #expect(receipt.version == 1)
            #expect(receipt.sentence.contains("It was still loaded, swapped in "))
            #expect(try await loop.store.rollouts(limit: 1).first?.outcome == .cancelled)
        }
    }

    @Test func `a restart goes on with the probation where it was`() async throws {
        var configuration = LivingLoop.configuration()
        configuration.retraining.enabled = false
        try await LivingLoop.run(configuration) { loop in
            _ = try await loop.importModel(
                ImportOrder(folder: LivingLoop.tinyBert, reason: "second", requestedBy: "ada"))
            _ = try await admit(2, loop)
            try await label(loop, 64, seed: 9)
            try await eventually("all rows compared") {
                try await loop.status().rollout?.labels ?? 0 >= 60
            }
        }

        try await LivingLoop.run(configuration) { loop in
            try await eventually("the old version is loaded again") {
                loop.predictor.slot.loaded.map(\.version) == [2, 1]
            }
            let before = try #require(try await loop.status().rollout)
            #expect(before.stage == "probation" && before.outcome == nil && before.labels >= 60)
            try await label(loop, 64, seed: 10)
            try await eventually("it goes on") {
                try await loop.status().rollout?.labels ?? 0 > before.labels
            }
        }
    }
}

/// The registry's folders of a loop.
private struct LivingLoopFiles {
    let folder: String

    init(_ loop: Loop) { folder = loop.dataDirectory + "/models/versions" }

    /// Moves a version's folder out of the way.
    func hide(_ version: Int) throws {
        let path = folder + "/000\(version)"
        try FileManager.default.moveItem(atPath: path, toPath: path + ".hidden")
    }
}
