import Corpus
import Foundation
import Honing
import Store
import Testing

/// The whole story for a model that names parts of texts: drift, an alarm, a run, the gate, the swap.
@Suite struct NamesStoryTests {
    private static func configuration(source file: String) -> HonedConfiguration {
        var configuration = LivingLoop.configuration()
        var source = SourceSettings()
        source.name = "talk"
        source.url = "file://" + file
        source.interval = .milliseconds(200)
        configuration.sources = [source]
        configuration.retraining.minimumNewLabels = 900
        configuration.retraining.coolDown = .zero
        configuration.retraining.maximumRows = 2_000
        configuration.retraining.training.learningRate = 3e-3
        configuration.retraining.training.epochs = 10
        configuration.retraining.training.patience = 100
        configuration.gate.minimumFresh = 60
        // How fast the machine is today is not what is tested.
        configuration.gate.latencyRatio = 1_000
        return configuration
    }

    @Test func `when names change, the daemon learns them`() async throws {
        let places = LivingLoop.configuration().dataDirectory
        let (folder, file) = (places + "-first", places + "-rows.jsonl")
        let configuration = Self.configuration(source: file)
        defer { for path in [folder, file] { try? FileManager.default.removeItem(atPath: path) } }
        // Given a model that names what is praised and blamed …
        let receipt = try await Loop.importOffline(try PraiseTalk.firstModel(in: folder), configuration)
        #expect(receipt.isLive && receipt.accuracy ?? 0 > 0.9, "\(receipt.sentence)")
        // … and a source of such talk.
        try Data(PraiseTalk.lines(PraiseTalk.plain(200, seed: 2)).utf8).write(to: URL(filePath: file))

        try await LivingDaemon.run(configuration) { daemon in
            try await Self.live(daemon)
            let explained = try await Explainer(configuration).explain("run/1")
            #expect(explained.isSame == true, "\(explained.text)")
            let again = configuration.dataDirectory + "-again"
            defer { try? FileManager.default.removeItem(atPath: again) }
            let outcome = try await Reproduction(of: 2, configuration, in: again).run()
            #expect(outcome.isSame, "\(outcome.sentence)")
        }
    }

    private static func live(_ daemon: LivingDaemon) async throws {
        func status() async throws -> Status { try await daemon.control.get("/status").decode() }
        func say(_ rows: [PraiseTalk.Row]) async throws {
            for start in stride(from: 0, to: rows.count, by: 100) {
                let some = Array(rows[start..<min(start + 100, rows.count)])
                let body = String(decoding: try JSONEncoder().encode(some), as: UTF8.self)
                let answer = try await daemon.door.post("/v1/feedback", body)
                #expect(answer.status == 200, "\(answer.sentence ?? "")")
                // A run learns from what is judged when it begins.
                try await eventually("they are judged") {
                    try await daemon.loop.store.counts().unscored == 0
                }
            }
        }

        try await eventually("the source's rows are judged") {
            let waiting = try await daemon.loop.store.unscoredExamples(of: .tokenClassification, limit: 1)
            // Some of two hundred may say the same.
            let count = try await status().accuracy?.count ?? 0
            return waiting.isEmpty && count > 150
        }
        let before = try await status()
        #expect(before.alarm == nil && before.accuracy?.estimate ?? 0 > 0.9)
        #expect(before.line.contains("mean F1 of a text"), "\(before.line)")
        #expect(StatusText.render(before, colour: false).contains("\nscore      mean F1 of a text "))

        // When "not good" is what is blamed …
        try await say(PraiseTalk.negated(900, seed: 3))

        // … the fall is noticed, a run learns it, the gate lets it in …
        try await eventually("version 2") { try await status().model?.version == 2 }
        let run = try #require(try await daemon.loop.run(1))
        #expect(run.trigger == "accuracy" && run.state == .promoted)
        let rungs = try #require(run.rungs)
        #expect(rungs.map(\.level) == ["prior", "head", "full"])
        #expect(rungs.map(\.outcome) == ["skipped", "skipped", "promoted"])
        #expect(rungs[0].sentence.contains("no classes"))
        #expect(run.verdict?.sentence.hasPrefix("promoted: fresh entity F1 ") == true)
        let version = try #require(try await daemon.loop.versions().first)
        #expect(version.headline?.name == "entity F1" && version.headline?.value ?? 0 > 0.9)

        // … what comes then is named again, and what came before is not forgotten.
        try await say(PraiseTalk.negated(300, seed: 4))
        try await eventually("enough rows to judge version 2") {
            try await status().accuracy?.count ?? 0 > 200
        }
        #expect(try #require(try await status().accuracy).estimate > 0.9)
        for (text, group, word) in [
            ("the film was not good .", "BLAME", "not good"), ("the film was very good .", "PRAISE", "good"),
        ] {
            let found: [NamedEntity] = try await daemon.door.post("/", #"{"inputs":"\#(text)"}"#).decode()
            #expect(found.map(\.entityGroup) == [group] && found.map(\.word) == [word], "\(found)")
        }
        let report: DriftReport = try await daemon.control.get("/report").decode()
        #expect(report.headline.done.contains("fresh entity F1"), "\(report.headline.done)")
        #expect(report.measure == "mean F1 of a text" && report.classes.isEmpty)
        let text = TextReport.render(report, colour: false)
        #expect(text.contains("Mean F1 of a text") && text.contains("entity F1"))
        let fall = "mean F1 of a text fell below what version 1 promised"
        #expect(report.events.contains { $0.kind == .alarm && $0.detail.hasPrefix(fall) })
    }
}
