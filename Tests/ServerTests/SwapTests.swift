import Foundation
import Honing
import Synchronization
import Testing

@Suite struct SwapTests {
    @Test func `a hundred swaps under load fail no request and never go back in time`() async throws {
        try await LivingLoop.run { loop in
            let second = try await loop.importModel(
                ImportOrder(folder: LivingLoop.tinyBert, reason: "a second version", requestedBy: "a test"))
            #expect(second.version == 2)
            let end = End()

            try await withThrowingTaskGroup(of: [Int].self) { clients in
                for client in 0..<4 {
                    clients.addTask {
                        var versions: [Int] = []
                        while !end.isHere {
                            let reply = try await loop.predict(
                                [TextInput(text: "the film was good")],
                                requestID: "client-\(client)-\(versions.count)")
                            versions.append(reply.modelVersion)
                        }
                        return versions
                    }
                }
                for swap in 0..<100 {
                    _ = try await loop.promote(
                        PromotionOrder(
                            version: swap % 2 == 0 ? 2 : 1, reason: "swap \(swap)", requestedBy: "a test",
                            force: true))
                }
                end.come()
                for try await versions in clients {
                    #expect(!versions.isEmpty)
                    #expect(versions.allSatisfy { $0 == 1 || $0 == 2 })
                }
            }

            let status = try await loop.status()
            #expect(status.serving.failed == 0)
            #expect(status.serving.rejected == 0)
            #expect(status.model?.version == 1)
        }
    }

    @Test func `a restart serves the version that was live and remembers what was said`() async throws {
        let configuration = LivingLoop.configuration()
        try await LivingLoop.run(configuration) { loop in
            _ = try await loop.importModel(
                ImportOrder(folder: LivingLoop.tinyBert, reason: "second", requestedBy: "a test"))
            _ = try await loop.promote(
                PromotionOrder(version: 2, reason: "forward", requestedBy: "a test", force: true))
            _ = try await loop.feedback([
                FeedbackItem(
                    subject: .text(TextInput(text: "good")), label: "positive", source: "audit_random")
            ])
        }

        try await LivingLoop.run(configuration) { loop in
            let status = try await loop.status()
            #expect(status.model?.version == 2)
            #expect(status.store.examples == 1)
            let receipt = try await loop.rollback(PromotionOrder(requestedBy: "a test"))
            #expect(receipt.version == 1)
            #expect(loop.predictor.slot.current?.version == 1)
        }
    }

    @Test func `a version whose weights were damaged gives way to one that is whole`() async throws {
        let configuration = LivingLoop.configuration()
        try await LivingLoop.run(configuration) { loop in
            _ = try await loop.importModel(
                ImportOrder(folder: LivingLoop.tinyBert, reason: "second", requestedBy: "a test"))
            _ = try await loop.promote(
                PromotionOrder(version: 2, reason: "forward", requestedBy: "a test", force: true))
        }
        let file = configuration.dataDirectory + "/models/versions/0002/model.safetensors"
        var bytes = try Data(contentsOf: URL(filePath: file))
        bytes[bytes.count - 1] ^= 1
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        try bytes.write(to: URL(filePath: file))

        try await LivingLoop.run(configuration) { loop in
            let versions = try await loop.versions()
            #expect(versions.first { $0.isLive }?.version == 1)
            #expect(loop.predictor.slot.current?.version == 1)
        }
    }
}

/// Tells clients that the test is over.
private final class End: Sendable {
    private let flag = Atomic(false)
    var isHere: Bool { flag.load(ordering: .acquiring) }
    func come() { flag.store(true, ordering: .releasing) }
}
