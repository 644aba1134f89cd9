import Foundation
import Honing
import Store
import Testing

/// `hone promote`: through the gate, or past it.
@Suite struct PromotionTests {
    @Test func `a version that does no harm passes the gate, and its trial counts`() async throws {
        var configuration = LivingLoop.configuration()
        configuration.retraining.enabled = false
        // How fast the machine is today is not what is tested.
        configuration.gate.latencyRatio = 1_000
        let folder = configuration.dataDirectory + "-good"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try FilmTalk.firstModel(in: folder)
        var second = first
        second.examples = nil
        for order in [first, second] { _ = try await Loop.importOffline(order, configuration) }

        try await LivingLoop.run(configuration) { loop in
            #expect(loop.predictor.slot.current?.version == 1)
            _ = try await loop.feedback(
                FilmTalk.plain(300, seed: 21).map {
                    FeedbackItem(
                        subject: .text(TextInput(text: $0.text)), label: $0.label, source: "audit_random")
                })
            try await eventually("all rows are scored") { try await loop.store.counts().unscored == 0 }

            let receipt = try await loop.promote(
                PromotionOrder(version: 2, reason: "a twin", requestedBy: "ada"))

            #expect(receipt.version == 2 && receipt.kind == "promoted")
            #expect(receipt.reason.hasPrefix("a twin; promoted: fresh 0.0 points on "), "\(receipt.reason)")
            let gate = try #require(try await loop.store.gates(limit: 1).first)
            #expect(gate.isPromoted && gate.number == 1 && gate.version == 2 && gate.champion == 1)
            #expect(try await loop.store.activeRollout()?.stage == "probation")
        }
    }

    @Test func `a version that the gate refuses stays where it is`() async throws {
        try await LivingLoop.run { loop in
            _ = try await loop.importModel(
                ImportOrder(folder: LivingLoop.tinyBert, reason: "second", requestedBy: "ada"))

            let error = await #expect(throws: ControlError.self) {
                _ = try await loop.promote(PromotionOrder(version: 2, requestedBy: "ada"))
            }

            let sentence = try #require(error?.description)
            #expect(
                sentence.hasPrefix("version 2 stays where it is; refused: only 0 of 200 fresh rows needed"))
            #expect(sentence.hasSuffix("`hone promote 2 --force --reason …`"))
            #expect(loop.predictor.slot.current?.version == 1)
            #expect(try await loop.store.gates(limit: 9).map(\.isPromoted) == [false])
        }
    }
}
