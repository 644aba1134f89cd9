import Foundation
import TestSupport

/// `hone` itself as a child process: what it prints and how it ends.
struct Command {
    let code: Int32
    let output: String
    /// What it said on standard error.
    let notes: String

    /// The program that the package built beside these tests.
    private static let executable = URL(
        filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    ).deletingLastPathComponent().appending(path: "hone").path

    static let isBuilt = FileManager.default.isExecutableFile(atPath: executable)

    /// Runs the command to its end, with `input` on its standard input.
    init(_ arguments: [String], input: String = "") throws {
        let folder = try Folder()
        let process = Process()
        process.executableURL = URL(filePath: Self.executable)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        // Help is folded to the width of the terminal.
        environment["COLUMNS"] = "80"
        process.environment = environment
        process.standardInput = try FileHandle(forReadingFrom: folder.write("input", input))
        process.standardOutput = try FileHandle(forWritingTo: folder.write("output", ""))
        process.standardError = try FileHandle(forWritingTo: folder.write("notes", ""))
        try process.run()
        process.waitUntilExit()
        code = process.terminationStatus
        output = try folder.read("output")
        notes = try folder.read("notes")
    }

    /// Starts the command and kills it as soon as a file is there.
    ///
    /// - Returns: the signal that ended it, or 0 where it ended by itself before.
    static func killed(_ arguments: [String], when file: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, !FileManager.default.fileExists(atPath: file) { usleep(1_000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? process.terminationStatus : 0
    }

    static let tinyBert = model("tiny-bert")
    static let tinyGPT2 = model("tiny-gpt2")

    private static func model(_ name: String) -> String {
        URL(filePath: fixturePath("../../TransformersTests/Fixtures/\(name)")).standardizedFileURL.path
    }
}

/// A folder that goes when nobody holds it any more.
final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "hone-command-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> URL {
        let file = URL(filePath: path + "/" + name)
        try Data(text.utf8).write(to: file)
        return file
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path + "/" + name)), as: UTF8.self)
    }
}
