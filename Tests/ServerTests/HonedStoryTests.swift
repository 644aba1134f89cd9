import Foundation
import Honing
import Synchronization
import Testing

/// What the daemon is for, told once from beginning to end.
@Suite struct HonedStoryTests {
    private static let pageRows = 100

    private static func configuration(source url: String) -> HonedConfiguration {
        var configuration = LivingLoop.configuration()
        var source = SourceSettings()
        source.name = "talk"
        source.url = url
        source.cursor.kind = .page
        source.interval = .milliseconds(100)
        configuration.sources = [source]
        // Five pages of plain talk will have come by then, and ten of the other.
        configuration.retraining.minimumNewLabels = 1_500
        configuration.retraining.coolDown = .zero
        configuration.retraining.maximumPerDay = 1_000
        configuration.retraining.maximumRows = 2_000
        configuration.retraining.training.learningRate = 3e-3
        configuration.retraining.training.epochs = 10
        configuration.retraining.training.patience = 100
        configuration.gate.minimumFresh = 100
        // How fast the machine is today is not what is tested.
        configuration.gate.latencyRatio = 1_000
        return configuration
    }

    @Test func `when words change their meaning, the daemon learns it and no client notices`() async throws {
        // Given a source of plain talk, which has five pages so far; every other page is empty, so that
        // a round of fetching comes to its end …
        let source = StubSource { page in
            page < 10 && page % 2 == 0 ? FilmTalk.plain(Self.pageRows, seed: 100 + UInt64(page)) : []
        }
        try await source.serve { url in
            // … and a model that understands it.
            let configuration = Self.configuration(source: url)
            let folder = configuration.dataDirectory + "-first"
            defer {
                try? FileManager.default.removeItem(atPath: folder)
                try? FileManager.default.removeItem(atPath: configuration.dataDirectory)
            }
            let order = try FilmTalk.firstModel(in: folder)
            let receipt = try await Loop.importOffline(order, configuration)
            #expect(receipt.isLive, "\(receipt.sentence)")

            try await LivingDaemon.run(configuration) { daemon in
                let clients = Clients()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<3 { group.addTask { try await clients.ask(daemon.door) } }
                    try await Self.live(through: source, daemon)
                    clients.leave()
                    try await group.waitForAll()
                }
                clients.expectNothingNoticed()
            }
        }
    }

    /// The story itself; clients ask meanwhile.
    private static func live(through source: StubSource, _ daemon: LivingDaemon) async throws {
        func status() async throws -> Status { try await daemon.control.get("/status").decode() }

        try await eventually("the plain talk is scored") {
            try await status().accuracy?.count == 5 * pageRows
        }
        let before = try await status()
        #expect(before.alarm == nil)
        #expect(try #require(before.accuracy).estimate > 0.95)

        // When everybody begins to say "not" …
        source.turn { page in
            page % 2 == 0 ? FilmTalk.negated(pageRows, seed: 100 + UInt64(page)) : []
        }

        // … the fall is noticed, a run trains, the gate lets its model in …
        try await eventually("the alarm") {
            let now = try await status()
            return now.alarm != nil || now.model?.version == 2
        }
        try await eventually("version 2") { try await status().model?.version == 2 }

        // … and what comes then is understood again.
        try await eventually("enough labels to judge version 2") {
            try await status().accuracy?.count ?? 0 >= 300
        }
        let after = try await status()
        #expect(after.model?.version == 2)
        #expect(after.model?.parent == 1)
        let rungs = try #require(after.lastRun?.rungs)
        #expect(rungs.count == 1 + rungs.count { ["hopeless", "refused", "partial"].contains($0.outcome) })
        #expect(rungs.contains { $0.outcome == "promoted" || $0.outcome == "partial" }, "\(rungs)")
        let recovered = try #require(after.accuracy)
        #expect(recovered.estimate > 0.9, "\(recovered)")
        #expect(after.serving.failed == 0)
        #expect(after.serving.rejected == 0)
        try await expectReport(daemon)
        try await expectSimulation(daemon)
    }

    /// The policy in force, simulated over what is stored, does what was done; one that never trains does worse.
    private static func expectSimulation(_ daemon: LivingDaemon) async throws {
        let simulator = try Simulator(daemon.configuration)
        var settings = TriggerSettings(daemon.configuration)

        let same = try await simulator.simulate(settings)
        #expect(same.policy.runs == same.really.runs && same.policy.promotions == 1, "\(same.text)")
        #expect(same.really.rows == same.policy.rows && same.really.cpuSeconds == same.policy.cpuSeconds)

        settings.retraining.enabled = false
        let idle = try await simulator.simulate(settings)
        #expect(idle.policy.runs == 0 && idle.policy.alarms == 1, "\(idle.text)")
        #expect(idle.policy.leastMistakes > idle.really.mistakes)
    }

    /// The report tells the same story, in order.
    private static func expectReport(_ daemon: LivingDaemon) async throws {
        let report: DriftReport = try await daemon.control.get("/report").decode()
        #expect(report.version == 2)
        #expect([.fine, .watch].contains(report.headline.state), "\(report.headline)")
        #expect(report.headline.sentence.hasPrefix("Version 2 "))
        #expect(report.headline.done.contains("promoted: fresh +"), "\(report.headline.done)")
        let told = report.events.map(\.kind)
        let story: [ReportEvent.Kind] = [.alarm, .retrain, .promotion]
        #expect(story.allSatisfy(told.contains))
        let places = story.compactMap { told.lastIndex(of: $0) }
        #expect(places == places.sorted())
        let text = TextReport.render(report, colour: false)
        #expect(text.contains("accuracy fell below what version 1 promised"))
    }
}

/// Clients that ask all the time, and what they saw.
private final class Clients: Sendable {
    private struct Notes: Sendable {
        var statuses: [Int: Int] = [:]
        var versions: Set<String> = []
        /// How often an answer came from an older version than the one before it, to the same client.
        var stepsBack = 0
    }

    private let notes = Mutex(Notes())
    private let isOver = Atomic(false)

    func leave() { isOver.store(true, ordering: .releasing) }

    func ask(_ door: LoopbackClient) async throws {
        var last = ""
        while !isOver.load(ordering: .acquiring) {
            let answer = try await door.post("/predict", #"{"inputs":"the film was very good ."}"#)
            let version = answer.headers["x-model-version"] ?? "none"
            notes.withLock {
                $0.statuses[answer.status, default: 0] += 1
                $0.versions.insert(version)
                if version < last { $0.stepsBack += 1 }
            }
            last = version
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func expectNothingNoticed() {
        let notes = notes.withLock { $0 }
        #expect(Array(notes.statuses.keys) == [200])
        #expect(notes.statuses[200, default: 0] > 100)
        #expect(notes.versions == ["1", "2"])
        #expect(notes.stepsBack == 0)
    }
}
