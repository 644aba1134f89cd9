import Dispatch
import Foundation
import Honing
import Testing

/// Requests whose turn does not come.
@Suite struct QueueTimeoutTests {
    @Test func `who finds the queue full is answered 429, and is served when there is room again`()
        async throws
    {
        var configuration = LivingLoop.configuration()
        configuration.server.limits.queue = 2
        try await LivingDaemon.run(configuration) { daemon in
            // Given a model that is busy, and clients who fill its queue …
            let gate = DispatchSemaphore(value: 0)
            let compute = daemon.loop.predictor.compute
            let endless = Task { await compute.run { gate.wait() } }
            let answers = try await withThrowingTaskGroup(of: LoopbackClient.Answer.self) { group in
                try await eventually("somebody was turned away") {
                    group.addTask { try await daemon.door.post("/predict", #"{"inputs":"a good film"}"#) }
                    try await Task.sleep(for: .milliseconds(20))
                    return daemon.loop.predictor.statistics.snapshot.refused > 1
                }
                gate.signal()
                return try await group.reduce(into: [LoopbackClient.Answer]()) { $0.append($1) }
            }
            await endless.value

            // … those who found no room know when to come again, and the others have their answers.
            let refused = answers.filter { $0.status == 429 }
            #expect(refused.count > 1)
            #expect(answers.count { $0.status == 200 } == answers.count - refused.count)
            #expect(refused.count < answers.count)
            for answer in refused {
                #expect(answer.headers["retry-after"] == "1")
                #expect(answer.sentence?.contains("server.limits.queue") == true, "\(answer.sentence ?? "")")
            }
            #expect(try await daemon.door.post("/predict", #"{"inputs":"a good film"}"#).status == 200)
        }
    }

    @Test func `who waits too long is answered 503, and who has the model's ear is answered`() async throws {
        var configuration = LivingLoop.configuration()
        configuration.server.limits.queueTimeout = .milliseconds(200)
        try await LivingDaemon.run(configuration) { daemon in
            // Given a model that is busy with something endless …
            let gate = DispatchSemaphore(value: 0)
            let compute = daemon.loop.predictor.compute
            let endless = Task { await compute.run { gate.wait() } }

            // … and clients who ask all the same: the first ones are in its batch, later ones wait.
            let answers = try await withThrowingTaskGroup(of: LoopbackClient.Answer.self) { group in
                func ask() {
                    group.addTask { try await daemon.door.post("/predict", #"{"inputs":"a good film"}"#) }
                }
                ask()
                try await eventually("somebody has waited too long") {
                    ask()
                    try await Task.sleep(for: .milliseconds(50))
                    return daemon.loop.predictor.statistics.snapshot.refused > 2
                }
                // A daemon that answers nobody is not alive, whatever its process does.
                #expect(await !daemon.loop.isAlive())
                gate.signal()
                return try await group.reduce(into: [LoopbackClient.Answer]()) { $0.append($1) }
            }
            await endless.value

            let late = answers.filter { $0.status == 503 }
            #expect(late.count > 2)
            #expect(answers.count { $0.status == 200 } == answers.count - late.count)
            #expect(late.count < answers.count, "the request that was being computed is answered")
            for answer in late {
                #expect(answer.headers["retry-after"] == "1")
                #expect(answer.sentence?.contains("raise server.limits.queue_timeout") == true)
            }
            let status: Status = try await daemon.control.get("/status").decode()
            #expect(status.serving.failed == 0)
            #expect(status.serving.rejected >= late.count)
            #expect(await daemon.loop.isAlive())
        }
    }
}
