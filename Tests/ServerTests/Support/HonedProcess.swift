import Foundation
import Glibc
import Honing

/// The daemon itself as a child process, with a configuration file and its log.
final class HonedProcess: Sendable {
    let folder: String
    let control: LoopbackClient
    private let process: Process

    var configurationFile: String { folder + "/honed.yaml" }
    private var logFile: String { folder + "/log" }

    /// The program that the package built beside these tests.
    private static let executable = URL(
        filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    ).deletingLastPathComponent().appending(path: "honed").path

    /// The operator's tool beside it.
    static let tool = URL(filePath: executable).deletingLastPathComponent().appending(path: "hone")

    static let isBuilt = FileManager.default.isExecutableFile(atPath: executable)

    /// Starts the daemon over a registry in which the tiny BERT is live, and waits until it answers.
    ///
    /// - Parameters:
    ///   - settings: further lines of the configuration.
    ///   - environment: further variables, such as a service manager sets.
    convenience init(_ settings: String, environment: [String: String] = [:]) async throws {
        try await self.init(starting: settings, environment: environment)
        try await eventually("honed answers") { (try? await control.get("/health"))?.status == 200 }
    }

    /// Starts the daemon, which may not come far.
    init(starting settings: String, environment: [String: String] = [:]) async throws {
        folder = NSTemporaryDirectory() + "honed-" + UUID().uuidString
        var configuration = HonedConfiguration()
        configuration.dataDirectory = folder + "/data"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try await Loop.importOffline(
            ImportOrder(
                folder: LivingLoop.tinyBert, reason: "a test", requestedBy: "a test", promote: true),
            configuration)
        control = LoopbackClient(place: .unix(path: folder + "/control.sock"))
        process = Process()
        try write(settings)
        _ = FileManager.default.createFile(atPath: logFile, contents: nil)
        let log = try FileHandle(forWritingTo: URL(filePath: logFile))
        process.executableURL = URL(filePath: Self.executable)
        process.arguments = ["--config", configurationFile]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardError = log
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Writes the configuration file anew.
    func write(_ settings: String) throws {
        let text = """
            data_directory: \(folder)/data
            control: {socket: \(folder)/control.sock}
            \(settings)
            """
        try Data(text.utf8).write(to: URL(filePath: configurationFile))
    }

    /// What the daemon said so far.
    var log: String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for the end of the process.
    ///
    /// - Returns: its exit status.
    func ended() async throws -> Int32 {
        try await eventually("honed has ended", within: .seconds(15)) { !process.isRunning }
        return process.terminationStatus
    }
}
