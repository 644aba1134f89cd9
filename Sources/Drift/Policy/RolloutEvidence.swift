/// What two versions said to the same labelled rows while one takes over from the other.
public struct RolloutEvidence: Sendable, Hashable, Codable {
    /// That the new version is worse by more than the margin.
    public private(set) var harm: PairedEvidence
    /// That the new version is better at all.
    public private(set) var benefit = PairedEvidence(margin: 0)
    /// Σ loss of the old version over the rows, and of the new one.
    public private(set) var oldLoss = 0.0
    public private(set) var newLoss = 0.0

    /// - Parameter harmMargin: the rise in error that nobody minds, a share.
    public init(harmMargin: Double) {
        harm = PairedEvidence(margin: harmMargin)
    }

    /// Takes in what both versions lost on one row, in [0, 1]; for classification 0 or 1.
    public mutating func update(oldLoss old: Double, newLoss new: Double) {
        guard old.isFinite, new.isFinite else { return }
        harm.update(new - old)
        benefit.update(old - new)
        oldLoss += old
        newLoss += new
    }

    /// Labelled rows.
    public var count: Int { harm.count }

    /// The rise in accuracy from the old version to the new one; 0 without rows.
    public var difference: Double { count == 0 ? 0 : (oldLoss - newLoss) / Double(count) }
}
