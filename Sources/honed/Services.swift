import Foundation
import Honing
import Logging
import Server
import ServiceLifecycle
import UnixSignals

/// The only place where everything meets.
struct Services {
    let configuration: HonedConfiguration
    let file: String
    let manager: ServiceManager
    let log: Logger

    init(_ configuration: HonedConfiguration, file: String, manager: ServiceManager, log: Logger) {
        self.configuration = configuration
        self.file = file
        self.manager = manager
        self.log = log
    }

    /// Runs until SIGTERM or SIGINT. The door closes first, the memory last: services stop in the
    /// reverse of the order in which they are listed.
    func run() async throws {
        let loop = try await Loop.open(configuration, trainer: trainerProcess(), log: log)
        let key = try configuration.server.apiKeyFile.map(readKey)
        let control = try controlServer(
            loop, settings: configuration.control, limits: configuration.server.limits, log: log)
        let door = publicServer(
            loop, settings: configuration.server, key: key, log: log
        ) { [manager, configuration, log] in
            let address = "http://\(configuration.server.host):\(configuration.server.port)"
            log.notice("listening on \(address)", metadata: ["control": "\(configuration.control.socket)"])
            manager.notify(.ready)
        }
        let services = loop.services + [control, door, Heartbeat(loop: loop, manager: manager), reload(loop)]
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        group.maximumGracefulShutdownDuration = .seconds(9)
        group.maximumCancellationDuration = .seconds(1)
        try await ServiceGroup(configuration: group).run()
    }

    private func reload(_ loop: Loop) -> Reloader {
        Reloader(loop: loop, file: file, manager: manager, log: log)
    }

    /// `hone` beside this very program is what trains.
    private func trainerProcess() throws -> Retrainer.Trainer {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let hone = URL(filePath: own).deletingLastPathComponent().appending(path: "hone").path
        return try Retrainer.childTrainer(executable: hone)
    }
}

/// Takes the configuration over again at SIGHUP, as far as that goes without a restart.
struct Reloader: Service {
    let loop: Loop
    let file: String
    let manager: ServiceManager
    let log: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            manager.notify(.reloading)
            do {
                let outcome = try await loop.reload(HonedConfiguration.read(file))
                log.notice("\(outcome.sentence)")
            } catch {
                log.error("the configuration was not reloaded, the old one stays in force: \(error)")
            }
            manager.notify(.ready)
        }
    }
}
