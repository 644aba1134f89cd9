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

/// The name under which the operating system knows whoever runs the command.
func operatorName() -> String {
    let environment = ProcessInfo.processInfo.environment
    return environment["SUDO_USER"] ?? environment["USER"] ?? "uid \(getuid())"
}
