/// Which side of learning a row is on. Decided by its content: a row never changes sides, whatever
/// else comes in, and its duplicate is on the same side.
public enum Split: String, Sendable, Hashable, Codable, CaseIterable {
    /// Learned from.
    case train
    /// Chooses the best step of a run.
    case development
    /// Judges; never learned from.
    case holdout

    /// The shares of the sides.
    public struct Shares: Sendable, Hashable {
        public var development: Double
        public var holdout: Double

        public init(development: Double = 0.1, holdout: Double = 0.2) {
            self.development = development
            self.holdout = holdout
        }
    }

    /// The side of a row: the first 52 bits of its hash as a fraction of one.
    public static func of(_ hash: ContentHash, shares: Shares = Shares()) -> Split {
        let fraction = Double(UInt64(hash.hex.prefix(13), radix: 16) ?? 0) / Double(UInt64(1) << 52)
        if fraction < shares.holdout { return .holdout }
        return fraction < shares.holdout + shares.development ? .development : .train
    }
}
