import Foundation
import Ingest
import Store

/// The way to whoever is told.
enum AlertRoute: Sendable {
    case webhook(Webhook)
    case command(AlertCommand)

    /// - Throws: why it was not accepted; `CancellationError` when the task is cancelled.
    func deliver(_ alert: StoredAlert, by client: WebClient, warn: @Sendable (String) -> Void) async throws {
        switch self {
        case .webhook(let webhook):
            try await webhook.post(
                Array(alert.body.utf8), kind: alert.kind, delivery: alert.event, by: client, warn: warn)
        case .command(let command):
            try await command.run(message: alert.body)
        }
    }
}

/// A program that is told of an alert: its arguments as they stand, without a shell, the message on its
/// standard input, of the daemon's environment nothing.
///
/// It has told somebody when it ends with status 0 in time, and with it all that it started. What it prints
/// is kept until its next turn.
package struct AlertCommand: Sendable {
    /// The program, as an absolute path, and its arguments.
    package var arguments: [String]
    package var timeout: Duration
    /// Input and output lie here, under this name; one alert at a time.
    package var folder: String
    package var name: String

    package init(arguments: [String], timeout: Duration, folder: String, name: String) {
        self.arguments = arguments
        self.timeout = timeout
        self.folder = folder
        self.name = name
    }

    /// - Throws: `AlertCommandError`, `CancellationError` when the task is cancelled; the program has ended then.
    package func run(message: String) async throws {
        guard let program = arguments.first, FileManager.default.isExecutableFile(atPath: program) else {
            throw AlertCommandError.missing(arguments.first ?? "")
        }
        let (input, log) = (folder + "/" + name + ".json", folder + "/" + name + ".log")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data((message + "\n").utf8).write(to: URL(filePath: input))
        defer { try? FileManager.default.removeItem(atPath: input) }
        var child = ChildProcess(
            executable: program, arguments: Array(arguments.dropFirst()), logFile: log)
        child.inputFile = input
        child.environment = Self.environment
        switch try await ending(of: child) {
        case .exited(0): return
        case .exited(let status):
            throw AlertCommandError.failed(
                program, "ended with status \(status)", lastWords: Self.lastLine(log), log: log)
        case .signalled(let signal):
            throw AlertCommandError.failed(
                program, "was killed by signal \(signal)", lastWords: Self.lastLine(log), log: log)
        }
    }

    /// Secrets and settings of the daemon's own are nobody else's.
    private static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]

    private func ending(of child: ChildProcess) async throws -> ChildProcess.Ending {
        let ending = try await withThrowingTaskGroup(of: ChildProcess.Ending?.self) { group in
            group.addTask { try await child.run { _ in } }
            group.addTask { [timeout] in
                try await Task.sleep(for: timeout)
                return nil
            }
            let first = try await group.next() ?? nil
            // Whoever is left is ended: the sleep at once, a program with time to tidy up.
            group.cancelAll()
            return first
        }
        guard let ending else { throw AlertCommandError.timedOut(arguments[0], after: timeout) }
        return ending
    }

    private static func lastLine(_ file: String) -> String {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return String(text.split(separator: "\n").last?.prefix(200) ?? "").printable
    }
}

/// A command did not take an alert.
package enum AlertCommandError: Error, Equatable, CustomStringConvertible {
    case missing(String)
    case failed(String, String, lastWords: String, log: String)
    case timedOut(String, after: Duration)

    package var description: String {
        switch self {
        case .missing(let path):
            "\(path) is no program that the daemon's user may run; check the path and its rights"
        case .failed(let path, let how, let words, let log):
            "\(path) \(how)\(words.isEmpty ? "" : ": \(words)"); all that it said is in \(log)"
        case .timedOut(let path, let limit):
            "\(path) did not end within \(limit.written) and was stopped; make it quicker, or raise timeout"
        }
    }
}
