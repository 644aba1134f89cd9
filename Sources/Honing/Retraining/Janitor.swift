import Foundation
import Logging
public import ServiceLifecycle
import Store

/// Lets go of what is too old or too large, hourly and off the way of every request.
public struct Janitor: Service {
    let store: Database
    let registry: ModelRegistry
    /// Versions older than the newest so many lose their files, never their history.
    let versionsKept: Int
    let policy: RetentionPolicy
    /// Where run directories lie; the newest `runsKept` stay.
    let runs: String
    let log: Logger

    private static let runsKept = 10

    public func run() async throws {
        for await _ in AsyncStream<Void>.every(.seconds(3_600)).cancelOnGracefulShutdown() {
            do {
                let receipt = try await store.applyRetention(policy, at: Date())
                if receipt.deleted > 0 { log.info("retention deleted \(receipt.deleted) rows") }
                let retired = try await store.retireFolders(keeping: versionsKept, in: registry)
                if !retired.isEmpty { log.info("the files of versions \(retired) were deleted") }
                try removeOldRuns()
            } catch {
                log.error("retention could not be applied: \(error)")
            }
        }
    }

    private func removeOldRuns() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: runs).filter { Int($0) != nil }
            .sorted()
        for folder in folders.dropLast(Self.runsKept) {
            try FileManager.default.removeItem(atPath: runs + "/" + folder)
        }
    }
}
