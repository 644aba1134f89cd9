import Foundation
import Honing
import Synchronization
import TestSupport
import Testing

/// A full disk, as clients meet it.
@Suite struct DiskFullTests {
    private struct Receipt: Decodable {
        var accepted: Int
        var duplicates: Int
    }

    private func rows(_ number: Int) -> String {
        let filler = String(repeating: "very ", count: 2_000)
        return "["
            + (0..<4).map { #"{"text":"\#(number) \#($0) \#(filler)","label":"positive"}"# }
            .joined(separator: ",") + "]"
    }

    @Test(.enabled(if: TemporaryFileSystem.isPossible, "needs root, to mount a small file system"))
    func `feedback on a full disk is refused with 507, and nothing acknowledged is lost`() async throws {
        let disk = try TemporaryFileSystem(size: "9m")
        var configuration = LivingLoop.configuration()
        configuration.dataDirectory = disk.path + "/data"
        let settings = configuration
        let ballast = URL(filePath: disk.path + "/ballast")
        let promised = Atomic(0)

        try await LivingDaemon.run(settings) { daemon in
            // Twice what is left beside it: the space that comes back must hold the log's copy, too.
            try Data(count: 6_000_000).write(to: ballast)

            // Given a disk that fills up while clients send labels …
            var acknowledged = 0
            var refused: LoopbackClient.Answer?
            for number in 0..<500 where refused == nil {
                let answer = try await daemon.door.post("/v1/feedback", rows(number))
                if answer.status == 200 {
                    #expect(try answer.decode(Receipt.self).accepted == 4)
                    acknowledged += 4
                } else {
                    refused = answer
                }
            }

            // … they are told so, and when to come back …
            let answer = try #require(refused)
            #expect(answer.status == 507)
            #expect(answer.headers["retry-after"] == "60")
            #expect(answer.sentence?.contains("free some space") == true)
            #expect(acknowledged > 0)

            // … while texts are answered as before …
            for _ in 0..<20 {
                let reply = try await daemon.door.post("/predict", #"{"inputs":"a good film"}"#)
                #expect(reply.status == 200)
            }
            let full: Status = try await daemon.control.get("/status").decode()
            #expect(full.store.examples == acknowledged)
            #expect(full.serving.failed == 0)

            // … and with space again the same rows are taken.
            try FileManager.default.removeItem(at: ballast)
            let again = try await daemon.door.post("/v1/feedback", rows(acknowledged / 4))
            #expect(again.status == 200)
            #expect(try again.decode(Receipt.self).accepted == 4)
            promised.store(acknowledged + 4, ordering: .relaxed)
        }

        try await LivingDaemon.run(settings) { daemon in
            let status: Status = try await daemon.control.get("/status").decode()
            #expect(status.store.examples == promised.load(ordering: .relaxed))
            #expect(status.model?.version == 1)
            let known = try await daemon.door.post("/v1/feedback", rows(0)).decode(Receipt.self)
            #expect(known.accepted == 0)
            #expect(known.duplicates == 4)
        }
    }
}
