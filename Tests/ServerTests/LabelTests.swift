import Foundation
import Honing
import Testing

/// `hone label` at a living daemon, with keys on its standard input.
@Suite(.enabled(if: HonedProcess.isBuilt, "needs hone beside the tests"))
struct LabelTests {
    /// Runs `hone` to its end.
    private static func hone(_ arguments: [String], keys: String = "") async throws -> (
        code: Int32, output: String, notes: String
    ) {
        let folder = NSTemporaryDirectory() + "hone-label-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func file(_ name: String, _ text: String = "") throws -> URL {
            let url = URL(filePath: folder + "/" + name)
            try Data(text.utf8).write(to: url)
            return url
        }
        let (output, notes) = (try file("output"), try file("notes"))
        let process = Process()
        process.executableURL = HonedProcess.tool
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: file("keys", keys))
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: notes)
        // A thread of the pool that waited here would be missing to the daemon.
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }
        return (process.terminationStatus, try text(output), try text(notes))
    }

    @Test func `labels reach the disk, with the chance by which they were drawn`() async throws {
        try await LivingDaemon.run { daemon in
            let file = daemon.configuration.dataDirectory + "/honed.yaml"
            let settings = """
                data_directory: \(daemon.configuration.dataDirectory)
                server: {host: \(daemon.configuration.server.host), port: \(daemon.configuration.server.port)}
                """
            try Data(settings.utf8).write(to: URL(filePath: file))
            for number in 0..<12 {
                let answer = try await daemon.door.post("/predict", #"{"inputs":"film number \#(number)"}"#)
                #expect(answer.status == 200)
            }
            try await eventually("the answers are written") {
                try await daemon.loop.status().store.predictions == 12
            }

            let listed = try await Self.hone(["label", "--list", "--count", "6", "-c", file])
            #expect(
                listed.code == 0 && listed.output.contains("12 texts that version 1 answered"), "\(listed)")
            #expect(listed.output.contains("film number"))
            // Two labels, one skipped, one taken back and given anew, then the end of the input.
            let labelled = try await Self.hone(["label", "--count", "6", "-c", file], keys: "12s3u1")
            #expect(labelled.code == 0, "\(labelled)")
            #expect(labelled.output.hasSuffix("3 labels are on the disk.\n"), "\(labelled.output)")
            let queue = try await Self.hone(["label", "--json", "-c", file])
            #expect(queue.output.contains("\"waiting\" : 9"), "\(queue.output)")
            // Rows that were drawn for doubt are learned from and do not count in the accuracy.
            try await eventually("the rows are scored") {
                (try await daemon.loop.status().accuracy?.count ?? 0) >= 1
            }
            let counted = try #require(try await daemon.loop.status().accuracy).count
            #expect(counted < 3 || queue.output.contains("\"rows\" : 3"))
        }
    }

    @Test func `a propensity must be a chance`() async throws {
        try await LivingDaemon.run { daemon in
            for wrong in ["0", "1.5", "-1"] {
                let answer = try await daemon.door.post(
                    "/v1/feedback", #"{"text":"a film","label":"positive","propensity":\#(wrong)}"#)
                #expect(answer.status == 422)
            }
        }
    }

    @Test func `without a daemon a label is not lost silently`() async throws {
        let result = try await Self.hone(["label", "-c", "/nowhere/honed.yaml"])
        #expect(result.code == 78)
        let wrong = try await Self.hone(["label", "--audit-share", "2"])
        #expect(wrong.code == 64 && wrong.notes.contains("between 0 and 1"))
    }
}
