import Foundation
import Honing
import Testing

/// Why the model got worse, told by a real daemon from what lies in its store.
@Suite struct CauseStoryTests {
    private static func configuration(source url: String) -> HonedConfiguration {
        var configuration = LivingLoop.configuration()
        var source = SourceSettings()
        source.name = "talk"
        source.url = url
        source.cursor.kind = .page
        source.interval = .milliseconds(100)
        configuration.sources = [source]
        configuration.retraining.enabled = false
        return configuration
    }

    @Test func `the report names the new word, the confusion and the moment`() async throws {
        let source = StubSource { page in
            page < 10 && page % 2 == 0 ? FilmTalk.plain(100, seed: 100 + UInt64(page)) : []
        }
        try await source.serve { url in
            let configuration = Self.configuration(source: url)
            let folder = configuration.dataDirectory + "-first"
            defer {
                try? FileManager.default.removeItem(atPath: folder)
                try? FileManager.default.removeItem(atPath: configuration.dataDirectory)
            }
            _ = try await Loop.importOffline(try FilmTalk.firstModel(in: folder), configuration)

            try await LivingDaemon.run(configuration) { daemon in
                func status() async throws -> Status { try await daemon.control.get("/status").decode() }
                try await eventually("the plain talk is scored") { try await status().accuracy?.count == 500 }
                let calm: DriftReport = try await daemon.control.get("/report").decode()
                #expect(calm.cause == nil)
                #expect(calm.worstSlices?.isEmpty == false)

                source.turn { page in
                    page % 2 == 0 && page < 20 ? FilmTalk.negated(100, seed: 100 + UInt64(page)) : []
                }
                try await eventually("the alarm") { try await status().alarm != nil }
                try await eventually("a hundred such rows") {
                    try await status().accuracy?.count ?? 0 >= 600
                }

                let report: DriftReport = try await daemon.control.get("/report").decode()
                let cause = try #require(report.cause)
                #expect(cause.accuracyFell == true)
                #expect(["conceptDrift", "covariateShift"].contains(cause.cause), "\(cause.sentence)")
                #expect(cause.comparedWith == "judged" && cause.referenceRows > 100)
                #expect(cause.rising.first?.term.contains("not") == true, "\(cause.rising)")
                #expect(cause.confused.contains { $0.share > 0.5 && $0.shareBefore < 0.1 })
                #expect(cause.examples.allSatisfy { $0.text.contains("not") })
                let began = try #require(cause.began)
                #expect(began.errorBefore < 0.1 && began.errorSince > 0.5)

                let page = try await daemon.door.get("/")
                #expect(
                    String(decoding: page.body, as: UTF8.self).contains("Words that are new or more frequent")
                )

                // Without the daemon the database tells the same.
                let offline = try await OfflineReader(configuration).report()
                #expect(offline.cause?.cause == cause.cause)
            }
        }
    }
}
