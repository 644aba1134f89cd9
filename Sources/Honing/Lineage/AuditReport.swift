public import Foundation
import Store

/// What served when, and whether the trail that says so is whole: `hone audit`.
///
/// The JSON is an interface, like that of `Status`.
public struct AuditReport: Codable, Sendable, Equatable {
    public var schema = 1
    public var isWhole: Bool
    /// What is wrong, a sentence each.
    public var faults: [String]
    /// The hash of the last entry. Kept elsewhere, it vouches for all entries so far.
    public var head: String
    public var entries: [Entry]

    public struct Entry: Codable, Sendable, Equatable {
        public var id: Int64
        public var at: Date
        public var event: String
        public var version: Int
        public var previousVersion: Int?
        public var share: Double?
        /// SHA-256 of the weights.
        public var checksum: String
        public var actor: String
        public var reason: String
        public var hash: String
    }

    /// Reads the trail out of a daemon's database, whether the daemon runs or not, and verifies it.
    ///
    /// - Parameter witness: a hash that was once the head; the trail must hold it still.
    /// - Throws: `StoreError` where there is no database, or this user may not read it.
    public init(_ configuration: HonedConfiguration, witness: String? = nil) async throws {
        let database = try Database.openReadOnly(at: DataDirectory(configuration.dataDirectory).database)
        self.init(try await database.auditTrail(), witness: witness)
    }

    init(_ trail: AuditTrail, witness: String? = nil) {
        faults = trail.faults
        if let witness, !trail.entries.contains(where: { $0.hash == witness }) {
            faults.append(
                "no entry has the hash \(witness): what was there when it was noted is there no more")
        }
        isWhole = faults.isEmpty
        head = trail.head
        entries = trail.entries.map { entry in
            Entry(
                id: entry.id, at: entry.at, event: entry.event, version: entry.version,
                previousVersion: entry.previousVersion, share: entry.share, checksum: entry.checksum,
                actor: entry.actor, reason: entry.reason, hash: entry.hash)
        }
    }

    /// The trail for a terminal, the oldest entry first.
    public var text: String {
        let lines = entries.map { entry in
            let share = entry.share.map { " \(percent($0)) of requests" } ?? ""
            let lead =
                "\(entry.id)".leftPadded(to: 4) + "  \(moment(entry.at, seconds: true))  "
                + "v\(entry.version)".rightPadded(to: 5) + " \(entry.event)\(share) by \(entry.actor): "
            return TextLayout.wrapped(lead + entry.reason, lead: "", indent: 6)
        }
        let verdict =
            isWhole
            ? [
                "The trail is whole: \(counted(entries.count, "entry", "entries")), the last with the hash",
                "  \(head)",
            ]
            : ["The trail is broken:"] + faults.map { "  ✗ \($0)" }
        return (lines + [""] + verdict).joined(separator: "\n")
    }
}

private func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(grouped(count)) \(count == 1 ? one : many)"
}
