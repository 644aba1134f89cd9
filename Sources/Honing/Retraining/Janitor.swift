package import Foundation
public import Logging
public import ServiceLifecycle
public import Store

/// Lets go of what is too old or too large, hourly and off the way of every request.
public actor Janitor: Service {
    private let store: Database
    private let registry: ModelRegistry
    private var settings: RetentionSettings
    /// Where run directories lie; the newest `runsKept` stay.
    private let runs: String
    private let log: Logger

    private static let runsKept = 10

    public init(
        store: Database, registry: ModelRegistry, settings: RetentionSettings, runs: String, log: Logger
    ) {
        self.store = store
        self.registry = registry
        self.settings = settings
        self.runs = runs
        self.log = log
    }

    public func apply(_ settings: RetentionSettings) {
        self.settings = settings
    }

    public func run() async throws {
        for await _ in AsyncStream<Void>.every(.seconds(3_600)).cancelOnGracefulShutdown() {
            do {
                try await tidy(at: Date())
            } catch {
                log.error("retention could not be applied: \(error)")
            }
        }
    }

    /// Lets go of all that has had its time. Versions older than the newest few lose their files,
    /// never their history.
    package func tidy(at now: Date) async throws {
        let receipt = try await store.applyRetention(RetentionPolicy(settings), at: now)
        if receipt.deleted > 0 { log.info("retention deleted \(receipt.deleted) rows") }
        let retired = try await store.retireFolders(keeping: settings.versions, in: registry)
        if !retired.isEmpty { log.info("the files of versions \(retired) were deleted") }
        try removeOldRuns()
    }

    private func removeOldRuns() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: runs).filter { Int($0) != nil }
            .sorted()
        for folder in folders.dropLast(Self.runsKept) {
            try FileManager.default.removeItem(atPath: runs + "/" + folder)
        }
    }
}
