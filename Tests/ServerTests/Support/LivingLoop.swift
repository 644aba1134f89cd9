import Corpus
import Foundation
import Honing
import Logging
import ServiceLifecycle
import TestSupport

/// A real loop over a real store in a folder of its own, serving the tiny BERT, for one test.
enum LivingLoop {
    static let tinyBert = URL(filePath: fixturePath("../../../TransformersTests/Fixtures/tiny-bert"))
        .standardizedFileURL.path

    /// Of all loops of this process; it goes when the process does, for some tests open a loop twice.
    private static let folder: String = {
        atexit { try? FileManager.default.removeItem(atPath: LivingLoop.folder) }
        return NSTemporaryDirectory() + "hone-server-\(getpid())"
    }()

    static func configuration() -> HonedConfiguration {
        var configuration = HonedConfiguration()
        configuration.dataDirectory = folder + "/" + UUID().uuidString
        configuration.model.name = "tiny"
        // Beside hundreds of other tests a turn may be long in coming.
        configuration.server.limits.queueTimeout = .seconds(300)
        return configuration
    }

    /// Imports the tiny BERT by force where there is no registry yet, opens the loop, runs its services
    /// beside `body`, and ends them.
    ///
    /// - Parameters:
    ///   - others: further services, such as the faces of the daemon.
    ///   - trainer: trains run directories, in this process.
    static func run(
        _ configuration: HonedConfiguration = configuration(),
        beside others: @Sendable (Loop, Logger) throws -> [any Service] = { _, _ in [] },
        trainer: @escaping Retrainer.Trainer = { directory, _ in try directory.train() },
        _ body: @Sendable (Loop) async throws -> Void
    ) async throws {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        if !FileManager.default.fileExists(atPath: configuration.dataDirectory + "/models") {
            _ = try await Loop.importOffline(
                ImportOrder(folder: tinyBert, reason: "a test", requestedBy: "a test", promote: true),
                configuration)
        }
        let loop = try await Loop.open(configuration, trainer: trainer, log: log)
        let services = loop.services + (try others(loop, log))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await ServiceGroup(services: services, logger: log).run() }
            try await body(loop)
            group.cancelAll()
        }
    }
}
