import ArgumentParser
import Foundation
import Honing

/// Where the daemon and its data are; the same for every command that asks for them.
struct DaemonOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The daemon's configuration file.")
    var config = "/etc/honed/honed.yaml"

    @Option(help: ArgumentHelp("The control socket, if not the configuration's.", valueName: "path"))
    var socket: String?

    @Flag(help: "Print JSON for scripts.")
    var json = false

    /// Reads the configuration file.
    func configuration() throws -> HonedConfiguration {
        do {
            return try HonedConfiguration.read(config)
        } catch {
            throw Failure(.configuration, "\(error)")
        }
    }

    func client() throws -> DaemonClient {
        if let socket { return DaemonClient(socket: socket) }
        return DaemonClient(socket: try configuration().control.socket)
    }
}

extension DaemonOptions {
    /// Asks the daemon; where it is down, its database is read instead, and that is said.
    func ask<Answer: Decodable>(
        _ path: String, orRead offline: (OfflineReader) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await client().get(path)
        } catch let failure as Failure where failure.code == .unavailable {
            let settings = try configuration()
            guard OfflineReader.hasDatabase(settings) else {
                throw Failure(
                    .unavailable,
                    "\(failure.description); nor is there a database in \(settings.dataDirectory) yet, or you may "
                        + "not see it: `hone import FOLDER` brings a first model in")
            }
            Terminal.note("\(failure.description); this is what its database says")
            return try await offline(OfflineReader(settings))
        }
    }
}

/// The name under which the operating system knows whoever runs the command.
func operatorName() -> String {
    ProcessInfo.processInfo.environment["SUDO_USER"] ?? ProcessInfo.processInfo.userName
}
