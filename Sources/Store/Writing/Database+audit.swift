import FoundationEssentials
import GRDB

extension Database {
    /// The whole trail of what served, with what it must agree with.
    public func auditTrail() async throws -> AuditTrail {
        try await read("reading what served when") { db in
            let checksums = try Row.fetchAll(db, sql: "SELECT version, checksum FROM modelVersion")
            return AuditTrail(
                entries: try AuditEntry.all(db, "SELECT * FROM audit ORDER BY id"),
                promotions: try Promotion.all(db, "SELECT * FROM promotion ORDER BY id"),
                checksums: Dictionary(
                    checksums.map { ($0["version"], $0["checksum"]) }, uniquingKeysWith: { $1 }))
        }
    }
}

extension AuditEntry {
    /// Writes a promotion into the trail, in its own transaction.
    static func append(_ promotion: Promotion, _ db: Connection) throws {
        try append(
            db, at: promotion.at, event: promotion.kind.rawValue, version: promotion.version,
            previousVersion: promotion.previousVersion, share: nil, actor: promotion.actor,
            reason: promotion.reason, promotionID: promotion.id)
    }

    /// Writes down that a canary begins or ends to answer.
    ///
    /// - Parameter canary: as the database holds it, times to the millisecond.
    static func append(canary: StoredRollout, _ db: Connection) throws {
        try append(
            db, at: canary.endedAt ?? canary.startedAt,
            event: canary.endedAt == nil ? "canary" : "canaryEnded", version: canary.version,
            previousVersion: canary.against, share: canary.share, actor: canary.actor,
            reason: canary.sentence ?? "it passed the gate and answers a share of the requests",
            promotionID: nil)
    }

    private static func append(
        _ db: Connection, at: Date, event: String, version: Int, previousVersion: Int?, share: Double?,
        actor: String, reason: String, promotionID: Int64?
    ) throws {
        let last = try first(db, "SELECT * FROM audit ORDER BY id DESC LIMIT 1")
        let checksum = try String.fetchOne(
            db, sql: "SELECT checksum FROM modelVersion WHERE version = ?", arguments: [version])
        var entry = AuditEntry(
            id: (last?.id ?? 0) + 1, at: at, event: event, version: version,
            previousVersion: previousVersion, share: share, checksum: checksum ?? "", actor: actor,
            reason: reason, promotionID: promotionID, previousHash: last?.hash ?? AuditEntry.beginning,
            hash: "")
        entry.hash = entry.digest
        try entry.insert(db)
    }
}
