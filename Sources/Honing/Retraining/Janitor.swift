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
        // A folder for each remedy: 0042-head, 0042-full; runs of an earlier Hone had one, 0042.
        let folders = try FileManager.default.contentsOfDirectory(atPath: runs)
        let runs = Dictionary(grouping: folders.filter { $0.first?.isNumber ?? false }) {
            String($0.prefix { $0.isNumber })
        }
        for run in runs.sorted(by: { $0.key < $1.key }).dropLast(Self.runsKept) {
            for folder in run.value {
                try FileManager.default.removeItem(atPath: self.runs + "/" + folder)
            }
        }
    }
}
