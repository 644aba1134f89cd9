import Corpus
public import FoundationEssentials

/// A change of what answers clients: a row of the append-only, hash-chained table `audit`.
///
/// Each row holds the hash of the row before and one of itself, over all that it says. Whoever changes,
/// removes or inserts a row must change all later ones too, and cannot make the last hash what somebody
/// wrote down elsewhere.
public struct AuditEntry: Codable, Sendable, Equatable {
    /// Counts from 1, without a gap.
    public var id: Int64
    public var at: Date
    /// `initial`, `promoted`, `forced`, `rollback`: the version answers everything from here on.
    /// `canary`: it answers a share of the requests; `canaryEnded`: no more.
    public var event: String
    public var version: Int
    /// The version that answered everything before, or does beside the canary.
    public var previousVersion: Int?
    /// Of the requests, in (0, 1).
    public var share: Double?
    /// SHA-256 of the version's weights.
    public var checksum: String
    public var actor: String
    public var reason: String
    /// The promotion that it tells of.
    public var promotionID: Int64?
    public var previousHash: String
    public var hash: String

    public init(
        id: Int64, at: Date, event: String, version: Int, previousVersion: Int?, share: Double?,
        checksum: String, actor: String, reason: String, promotionID: Int64?, previousHash: String,
        hash: String
    ) {
        self.id = id
        self.at = at
        self.event = event
        self.version = version
        self.previousVersion = previousVersion
        self.share = share
        self.checksum = checksum
        self.actor = actor
        self.reason = reason
        self.promotionID = promotionID
        self.previousHash = previousHash
        self.hash = hash
    }

    /// The hash before the first row.
    public static let beginning = String(repeating: "0", count: 64)

    /// What the row's hash must be: SHA-256 over its fields in this order, each as `name:bytes:text` and a
    /// line feed, with the length of the text in bytes, or `name:-` where there is none. Times are
    /// milliseconds since 1970, shares are millionths.
    public var digest: String {
        func field(_ name: String, _ value: (some CustomStringConvertible)?) -> String {
            guard let text = value?.description else { return "\(name):-\n" }
            return "\(name):\(text.utf8.count):\(text)\n"
        }
        let text =
            field("previous", previousHash) + field("id", id)
            + field("at", Int64((at.timeIntervalSince1970 * 1_000).rounded())) + field("event", event)
            + field("version", version) + field("previousVersion", previousVersion)
            + field("share", share.map { Int(($0 * 1e6).rounded()) }) + field("checksum", checksum)
            + field("actor", actor) + field("reason", reason) + field("promotion", promotionID)
        return ContentHash(ofBytes: Data(text.utf8)).hex
    }
}

/// The whole trail, and what it must agree with.
public struct AuditTrail: Sendable, Equatable {
    public var entries: [AuditEntry]
    public var promotions: [Promotion]
    /// SHA-256 of the weights of each version, as registered.
    public var checksums: [Int: String]

    public init(entries: [AuditEntry], promotions: [Promotion], checksums: [Int: String]) {
        self.entries = entries
        self.promotions = promotions
        self.checksums = checksums
    }

    /// The hash of the last row: written down elsewhere, it vouches for all rows so far.
    public var head: String { entries.last?.hash ?? AuditEntry.beginning }

    /// What is wrong, a sentence each; empty where the trail is whole.
    public var faults: [String] {
        var faults: [String] = []
        var previous = AuditEntry.beginning
        for (index, entry) in entries.enumerated() {
            if entry.id != Int64(index) + 1 {
                faults.append("entry \(index + 1) is missing: entry \(entry.id) stands in its place")
                break
            }
            if entry.previousHash != previous {
                faults.append("entry \(entry.id) does not follow on the one before: its hash is another")
            }
            if entry.hash != entry.digest {
                faults.append("entry \(entry.id) was changed after it was written")
            }
            if let checksum = checksums[entry.version], checksum != entry.checksum {
                faults.append(
                    "entry \(entry.id) names other weights of version \(entry.version) than registered")
            }
            previous = entry.hash
        }
        let told = Dictionary(
            entries.compactMap { entry in entry.promotionID.map { ($0, entry) } }, uniquingKeysWith: { $1 })
        for promotion in promotions {
            guard let id = promotion.id else { continue }
            guard let entry = told[id] else {
                faults.append("promotion \(id) (version \(promotion.version)) has no entry")
                continue
            }
            let agrees =
                entry.version == promotion.version && entry.previousVersion == promotion.previousVersion
                && entry.event == promotion.kind.rawValue && entry.reason == promotion.reason
                && entry.actor == promotion.actor && entry.at == promotion.at
            if !agrees { faults.append("entry \(entry.id) and promotion \(id) tell different stories") }
        }
        let known = Set(promotions.compactMap(\.id))
        for (id, entry) in told.sorted(by: { $0.key < $1.key }) where !known.contains(id) {
            faults.append("entry \(entry.id) tells of promotion \(id), which is missing")
        }
        return faults
    }
}
