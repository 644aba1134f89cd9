import Foundation
import Synchronization

/// A program that runs beside the daemon until it ends or is told to.
///
/// The child is nobody's orphan: `hone train --run` asks the kernel to be killed when its parent
/// dies, and cancelling the task that waits for it terminates it here.
struct ChildProcess: Sendable {
    let executable: String
    let arguments: [String]
    /// Receives standard output and standard error.
    let logFile: String
    /// Is read as standard input; `nil` for nothing.
    var inputFile: String?
    /// `nil` for that of the daemon.
    var environment: [String: String]?
    /// How long a child that was told to end may take before it is killed.
    var grace: Duration = .seconds(5)

    /// How a child ended.
    enum Ending: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    struct CannotStart: Error, CustomStringConvertible {
        var program: String
        var obstacle: String

        var description: String { "\(program) could not be started: \(obstacle)" }
    }

    /// Starts the program and waits for its end, without holding a thread.
    ///
    /// - Parameter started: is given the process identifier at once.
    /// - Throws: `CannotStart` when the program cannot be started; `CancellationError` when the waiting
    ///   task was cancelled, after the child has ended.
    func run(started: @Sendable (Int32) -> Void) async throws -> Ending {
        _ = FileManager.default.createFile(atPath: logFile, contents: nil)
        let output = try FileHandle(forWritingTo: URL(filePath: logFile))
        defer { try? output.close() }
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        // All paths are absolute, and the folder that the daemon was started in may be closed to its user.
        process.currentDirectoryURL = URL(filePath: "/")
        if let environment { process.environment = environment }
        let input = try inputFile.map { try FileHandle(forReadingFrom: URL(filePath: $0)) }
        defer { try? input?.close() }
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output

        let (ended, end) = AsyncStream<Ending>.makeStream()
        let isGone = Flag()
        process.terminationHandler = { process in
            isGone.set()
            let status = process.terminationStatus
            end.yield(process.terminationReason == .exit ? .exited(status) : .signalled(status))
            end.finish()
        }
        do { try process.run() } catch {
            throw CannotStart(program: executable, obstacle: obstacle(error))
        }
        let identifier = process.processIdentifier
        started(identifier)

        return try await withTaskCancellationHandler {
            // The stream is read in a task of its own: a cancelled one would stop listening at once,
            // and the child's end must be seen before its directory is touched.
            let ending = await Task.detached { await ended.first { _ in true } }.value
            try Task.checkCancellation()
            guard let ending else { throw CancellationError() }
            return ending
        } onCancel: {
            kill(identifier, SIGTERM)
            DispatchQueue.global().asyncAfter(deadline: .now() + grace / .seconds(1)) {
                // A child that is gone has been reaped, and its number may belong to another program.
                // Foundation makes a child the leader of a group, and does not see its end before that
                // of all that it started.
                if !isGone.isSet { kill(-identifier, SIGKILL) }
            }
        }
    }
}

/// Goes from false to true once, seen by every thread.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
