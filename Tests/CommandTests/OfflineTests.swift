import Foundation
import Honing
import Testing

/// What the command can do while no daemon runs.
@Suite(.enabled(if: Command.isBuilt, "needs hone beside the tests"))
struct OfflineTests {
    /// A registry in which the tiny BERT is live, and no daemon.
    private func imported() throws -> Folder {
        let folder = try Folder()
        try folder.write(
            "honed.yaml", "data_directory: \(folder.path)/data\ncontrol: {socket: \(folder.path)/s}\n")
        let receipt = try Command([
            "import", Command.tinyBert, "-c", folder.path + "/honed.yaml", "--promote", "--reason", "a test",
        ])
        #expect(receipt.code == 0 && receipt.output.hasPrefix("Version 1 is live; "), "\(receipt)")
        return folder
    }

    @Test(arguments: [["status"], ["versions"], ["report"], ["report", "--format", "html"]])
    func `readings come from the database, and that is said`(_ reading: [String]) throws {
        let folder = try imported()
        let before = try Data(contentsOf: URL(filePath: folder.path + "/data/honed.sqlite"))

        let result = try Command(reading + ["-c", folder.path + "/honed.yaml"])

        #expect(result.code == 0)
        #expect(result.output.contains("1"))
        #expect(result.notes.contains("honed is not running"))
        #expect(result.notes.contains("this is what its database says"))
        #expect(try Data(contentsOf: URL(filePath: folder.path + "/data/honed.sqlite")) == before)
    }

    @Test func `what was never decided cannot be explained`() throws {
        let folder = try imported()
        let place = ["-c", folder.path + "/honed.yaml"]

        let list = try Command(["explain"] + place)
        #expect(list.code == 0 && list.output.isEmpty, "\(list)")
        let unknown = try Command(["explain", "detection/1"] + place)
        #expect(unknown.code == 64 && unknown.notes.contains("there is no detection/1"), "\(unknown)")
        let unreadable = try Command(["explain", "7"] + place)
        #expect(unreadable.code == 64 && unreadable.notes.contains("write detection/17"), "\(unreadable)")
    }

    @Test func `a policy is tried without a daemon, and its mistakes have lines`() throws {
        let folder = try imported()
        let place = ["simulate", "-c", folder.path + "/honed.yaml", "--policy", folder.path + "/policy.yaml"]

        let missing = try Command(place)
        #expect(
            missing.code == 78 && missing.notes.contains("there is no such file: write watching:"),
            "\(missing)")
        try folder.write("policy.yaml", "retraining:\n  cool_dwon: 1h\n")
        let wrong = try Command(place)
        #expect(wrong.code == 78 && wrong.notes.contains("policy.yaml:2:3: retraining.cool_dwon"), "\(wrong)")
        try folder.write("policy.yaml", "retraining:\n  cool_down: 1h\n")
        let tried = try Command(place)
        #expect(tried.code == 0 && tried.output.contains("No labelled row came in"), "\(tried)")
        #expect(tried.output.contains("retraining.cool_down: 6h → 1h"))
        let json = try Command(place + ["--json"])
        #expect(json.code == 0 && json.output.contains("\"schema\" : 1"))
        let backwards = try Command(place + ["--since", "1h", "--until", "2h"])
        #expect(backwards.code == 64 && backwards.notes.contains("--since must lie before --until"))
    }

    @Test func `scripts get the same as JSON`() throws {
        let folder = try imported()
        let place = ["-c", folder.path + "/honed.yaml", "--json"]
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601

        let status = try decoder.decode(
            Status.self, from: Data(try Command(["status"] + place).output.utf8))
        let report = try decoder.decode(
            DriftReport.self, from: Data(try Command(["report"] + place).output.utf8))
        let versions = try decoder.decode(
            [ModelSummary].self, from: Data(try Command(["versions"] + place).output.utf8))

        #expect(status.daemon.state == .down && status.model?.version == 1)
        #expect(report.headline.state == .notEnoughLabels)
        #expect(versions.map(\.version) == [1] && versions[0].isLive)
        // Nothing came in, so nothing is said about it.
        #expect(status.inputs.isEmpty && report.inputs.isEmpty)
    }

    @Test func `a report goes into a file`() throws {
        let folder = try imported()
        let place = ["-c", folder.path + "/honed.yaml"]

        let written = try Command(
            ["report", "--format", "html", "-o", folder.path + "/report.html"] + place)
        let refused = try Command(["report", "-o", folder.path + "/nowhere/report.txt"] + place)

        #expect(written.code == 0 && written.output.isEmpty)
        #expect(try folder.read("report.html").hasPrefix("<!doctype html>"))
        #expect(refused.code == 74 && refused.notes.contains("No such file or directory"), "\(refused)")
    }

    @Test func `a folder answers by itself`() throws {
        let asked = try Command(["predict", "--model", Command.tinyBert, "--json"], input: "a film\n\nbad\n")

        #expect(asked.code == 0)
        let lines = asked.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("{\"scores\":[{") && lines[0].hasSuffix("],\"text\":\"a film\"}"))
    }

    @Test func `a checkup finds what is well and what is not`() throws {
        let folder = try imported()
        let place = ["check", "-c", folder.path + "/honed.yaml"]

        let well = try Command(place)
        #expect(well.code == 0)
        #expect(well.output.contains("✓ model: version 1 is whole and loads"))

        let weights = folder.path + "/data/models/versions/0001/model.safetensors"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: weights)
        let handle = try FileHandle(forWritingTo: URL(filePath: weights))
        try handle.seek(toOffset: 5_000)
        try handle.write(contentsOf: Data([0x55]))
        try handle.close()

        let ill = try Command(place)
        #expect(ill.code == 1)
        #expect(ill.output.contains("✗ model: version 1 is damaged"), "\(ill.output)")
    }
}
