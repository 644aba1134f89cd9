public import FoundationEssentials
import GRDB

extension Database {
    /// Gives a staged model its number, moves it into its place and writes it down.
    ///
    /// The folder is durable before the row is: a row always has its files, and a folder without a
    /// row is one that a crash left behind. Numbers are given under the database's write lock, so
    /// that two programs never give the same.
    ///
    /// - Parameter lineage: what it was made of, where it was trained here.
    /// - Returns: the version with its number.
    public func register(
        _ version: ModelVersion, folder: StagedVersion, in registry: ModelRegistry,
        lineage: LineageDraft? = nil
    ) async throws -> ModelVersion {
        try await write("registering a version") { db in
            var version = version
            version.version = try Int.fetchOne(
                db, sql: "SELECT ifnull(max(version), 0) + 1 FROM modelVersion")!
            version.checksum = folder.checksum
            try registry.commit(folder, as: version.version)
            let registered = try version.inserted(db)
            try lineage?.insert(as: registered.version, db)
            return registered
        }
    }

    /// Makes a version live. When it returns, the row is on the disk, and the entry of the audit trail
    /// with it; readers may be switched then.
    ///
    /// The run that the version came from ends as promoted in the same transaction, and so does the
    /// comparison of versions under way; what follows on it begins.
    ///
    /// - Throws: `StoreError.noSuchVersion`, or `StoreError.alreadyLive` unless it is forced.
    public func promote(
        version: Int, kind: Promotion.Kind, reason: String, actor: String, runID: Int64? = nil,
        referenceErrors: Int, referenceCount: Int, verdict: String? = nil,
        rollout: RolloutChange? = nil, at now: Date
    ) async throws -> Promotion {
        try await write("promoting version \(version)") { db in
            guard
                try Bool.fetchOne(
                    db, sql: "SELECT 1 FROM modelVersion WHERE version = ?", arguments: [version]) != nil
            else { throw StoreError.noSuchVersion(version) }
            let live = try Promotion.live(db)
            if live?.version == version, kind != .forced { throw StoreError.alreadyLive(version) }
            let promotion = Promotion(
                at: now, version: version, previousVersion: live?.version, kind: kind,
                reason: reason.withoutNUL, actor: actor.withoutNUL, runID: runID,
                referenceErrors: referenceErrors, referenceCount: referenceCount, verdict: verdict)
            if let runID { try TrainingRun.promote(runID, to: version, verdict: verdict, at: now, db) }
            _ = try rollout?.apply(db, at: now)
            let written = try promotion.inserted(db)
            try AuditEntry.append(written, db)
            return written
        }
    }
}

extension Database {
    /// Deletes the files of old versions, not the memory of them. The live version keeps its files,
    /// and so do the one before it, which a rollback goes back to, what a run starts from, and the
    /// newest.
    ///
    /// - Parameter count: how many of the newest versions keep their files.
    /// - Returns: the versions that lost theirs.
    @discardableResult
    public func retireFolders(keeping count: Int, in registry: ModelRegistry) async throws -> [Int] {
        // Under the write lock: no version can become live while its files go.
        try await write("retiring old versions") { db in
            let retired = try Int.fetchAll(
                db,
                sql: """
                    WITH live AS (SELECT version, previousVersion FROM promotion ORDER BY id DESC LIMIT 1)
                    SELECT version FROM modelVersion
                    WHERE version NOT IN (SELECT version FROM live)
                      AND version NOT IN (SELECT previousVersion FROM live WHERE previousVersion IS NOT NULL)
                      AND version NOT IN (SELECT baseVersion FROM trainingRun WHERE finishedAt IS NULL)
                      AND version NOT IN (SELECT version FROM rollout WHERE endedAt IS NULL)
                      AND version NOT IN (SELECT against FROM rollout WHERE endedAt IS NULL)
                      AND version NOT IN (SELECT version FROM modelVersion ORDER BY version DESC LIMIT ?)
                    ORDER BY version
                    """, arguments: [max(0, count)])
            return try retired.filter { try registry.removeFolder(of: $0) }
        }
    }
}

extension Promotion {
    /// The one truth about which model is live.
    static func live(_ db: Connection) throws -> Promotion? {
        try first(db, "SELECT * FROM promotion ORDER BY id DESC LIMIT 1")
    }
}
