public import FoundationEssentials

/// What is known about a source: the table `source`.
public struct SourceRecord: Codable, Sendable, Equatable {
    public var name: String
    /// Where the next fetch goes on, as JSON; `nil` at the beginning.
    public var state: String?
    public var lastAttemptAt: Date?
    public var lastSuccessAt: Date?
    /// Why the last attempt failed; `nil` after one that did not.
    public var lastError: String?
    public var consecutiveFailures: Int
    /// How many new rows it gave, how many that were known already, and how many that could not be
    /// used, since the beginning.
    public var rows: Int
    public var duplicates: Int
    public var rejected: Int

    public init(name: String) {
        self.name = name
        consecutiveFailures = 0
        rows = 0
        duplicates = 0
        rejected = 0
    }
}
