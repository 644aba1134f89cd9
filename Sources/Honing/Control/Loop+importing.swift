import Drift
import Foundation
import Logging
import Store
import Synchronization
import Transformers

extension Loop {
    /// Takes a model folder into the registry of the running daemon.
    public func importModel(_ order: ImportOrder) async throws -> ImportReceipt {
        let settings = configuration.withLock { $0 }
        let importer = Importer(
            store: store, promoter: promoter, gate: PromotionPolicy(settings.gate),
            expected: settings.model.labels)
        return try await ControlError.answering { try await importer.run(order) }
    }

    /// Takes a model folder into the registry while no daemon runs. Run by root, it leaves nothing
    /// behind that is root's in the daemon's directory, whether or not it comes to its end.
    public static func importOffline(
        _ order: ImportOrder, _ configuration: HonedConfiguration
    ) async throws -> ImportReceipt {
        let places = DataDirectory(configuration.dataDirectory)
        try places.create()
        let receipt: ImportReceipt
        do { receipt = try await importOffline(order, configuration, places) } catch {
            try? returnOwnership(below: places.path)
            throw error
        }
        try returnOwnership(below: places.path)
        return receipt
    }

    private static func importOffline(
        _ order: ImportOrder, _ configuration: HonedConfiguration, _ places: DataDirectory
    ) async throws -> ImportReceipt {
        let store = try Database.open(at: places.database)
        let log = Logger(label: "hone") { _ in SwiftLogNoOpLogHandler() }
        let promoter = Promoter(
            store: store, registry: try ModelRegistry(root: places.registry), slot: ModelSlot(),
            monitor: DriftMonitor(store: store, settings: configuration.watching, log: log),
            precision: configuration.server.precision, cache: ServingCache(folder: places.compiled),
            log: log)
        let importer = Importer(
            store: store, promoter: promoter, gate: PromotionPolicy(configuration.gate),
            expected: configuration.model.labels)
        return try await importer.run(order)
    }
}
