public import Foundation
import Store

/// Status and reports while no daemon runs, from its database, without changing a byte of it.
public struct OfflineReader: Sendable {
    private let reader: ReportReader

    /// - Throws: `StoreError` where there is no database, or this user may not read it.
    public init(_ configuration: HonedConfiguration) throws {
        let database = try Database.openReadOnly(at: DataDirectory(configuration.dataDirectory).database)
        reader = ReportReader(database, configuration)
    }

    /// Whether there is a database that this user can see.
    public static func hasDatabase(_ configuration: HonedConfiguration) -> Bool {
        FileManager.default.fileExists(atPath: DataDirectory(configuration.dataDirectory).database)
    }

    public func status(at now: Date = Date()) async throws -> Status {
        try await reader.status(at: now)
    }

    public func report(since: Date? = nil, until: Date? = nil, at now: Date = Date()) async throws
        -> DriftReport
    {
        try await reader.report(since: since, until: until, at: now)
    }

    public func versions() async throws -> [ModelSummary] {
        try await reader.versions()
    }
}
