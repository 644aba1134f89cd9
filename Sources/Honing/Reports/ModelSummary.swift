import Drift
public import Foundation

/// One version of the model: where it came from and what it was worth.
public struct ModelSummary: Codable, Sendable, Equatable {
    public var version: Int
    public var parent: Int?
    /// `imported` or `trained`.
    public var origin: String
    public var createdAt: Date
    public var isLive: Bool
    /// The last time it became live, and how.
    public var promotedAt: Date?
    public var kind: String?
    public var reason: String?
    public var runID: Int64?
    /// On the rows that judged it, and how many they were; 1 − the mean loss where answers can be partly right.
    public var accuracy: Double?
    public var judgedOn: Int?
    /// On the first hold-out.
    public var anchorAccuracy: Double?
    public var trainingRows: Int?
    public var replayedRows: Int?
    /// The remedy that made it, as `RungSummary.level`; what that cost, in seconds of processor time and of time.
    public var level: String?
    public var cpuSeconds: Double?
    public var seconds: Double?
    /// The figure that models of its task are known by; absent where that is the accuracy.
    public var headline: Headline?
    public var labels: [String] = []
    /// What it was trained for; absent where an older daemon answers.
    public var task: String?
    /// SHA-256 of the weights.
    public var checksum: String
    public var note: String?
    /// Of the live version: what it serves in, and why not in what was wished.
    public var precision: String?
    public var precisionNote: String?

    public struct Headline: Codable, Sendable, Equatable {
        /// Such as "entity F1".
        public var name: String
        /// Whether it is a share of 1, and not a number of some unit.
        public var isShare: Bool
        /// On the rows that judged it, and on the first hold-out.
        public var value: Double
        public var anchor: Double?

        func written(_ value: Double) -> String { isShare ? percent(value) : decimals(value, 3) }
    }
}
