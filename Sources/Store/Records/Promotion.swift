public import FoundationEssentials

/// A version became live: a row of the append-only table `promotion`. The last row is the one truth
/// about which model is live.
public struct Promotion: Codable, Sendable, Equatable {
    public var id: Int64?
    public var at: Date
    public var version: Int
    /// The version that was live before.
    public var previousVersion: Int?
    public var kind: Kind
    public var reason: String
    public var actor: String
    public var runID: Int64?
    /// How often the version was wrong on the rows that judged it, and how many they were: what its
    /// later life is measured against.
    public var referenceErrors: Int
    public var referenceCount: Int
    /// The gate's verdict, as JSON.
    public var verdict: String?

    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The first model.
        case initial
        /// A challenger that the gate let through.
        case promoted
        /// An operator's word against or past the gate.
        case forced
        /// Back to an earlier version.
        case rollback
    }
}
