import ArgumentParser
import Foundation
import Honing
import Logging
import Server

/// The daemon.
@main
struct Honed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "honed",
        abstract: "Serve a fine-tuned model, watch it, and retrain it when the world moves on.",
        discussion: """
            Runs in the foreground until SIGTERM, then finishes what it is doing within ten seconds. \
            SIGHUP reads the configuration again. Under systemd it reports READY once the model is \
            warm. Talk to it with `hone`.
            """,
        version: honeVersion)

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "/etc/honed/honed.yaml"

    func run() async throws {
        let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
        do {
            let configuration = try HonedConfiguration.read(config)
            let log = Logger(configuration.log)
            try await Services(configuration, file: config, manager: manager, log: log).run()
        } catch {
            FileHandle.standardError.write(Data("honed: \(error)\n".utf8))
            // With 78 nobody tries again before somebody has mended the configuration.
            throw ExitCode(error is ConfigurationError || error is KeyFileError ? 78 : 1)
        }
    }
}
