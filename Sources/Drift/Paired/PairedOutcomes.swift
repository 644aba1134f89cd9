/// Two models on the same rows: how often they agree, and who is right where they do not.
///
/// In the formulas of this folder b is `gains`, c is `losses` and n is `count`.
public struct PairedOutcomes: Sendable, Hashable, Codable {
    /// Rows that both models get right.
    public var bothRight: Int
    /// b: rows that only the challenger gets right.
    public var gains: Int
    /// c: rows that only the champion gets right, also called negative flips.
    public var losses: Int
    /// Rows that both models get wrong.
    public var bothWrong: Int

    public init(bothRight: Int = 0, gains: Int = 0, losses: Int = 0, bothWrong: Int = 0) {
        precondition(
            min(bothRight, gains, losses, bothWrong) >= 0,
            "paired counts cannot be negative: \(bothRight), \(gains), \(losses), \(bothWrong)")
        self.bothRight = bothRight
        self.gains = gains
        self.losses = losses
        self.bothWrong = bothWrong
    }

    /// Counts from two lists in the same row order: whether each model was right.
    public init(champion: [Bool], challenger: [Bool]) {
        precondition(
            champion.count == challenger.count,
            "paired outcomes need the same rows, not \(champion.count) and \(challenger.count)")
        self.init()
        for (old, new) in zip(champion, challenger) { add(champion: old, challenger: new) }
    }

    /// Counts one row.
    public mutating func add(champion: Bool, challenger: Bool) {
        switch (champion, challenger) {
        case (true, true): bothRight += 1
        case (false, true): gains += 1
        case (true, false): losses += 1
        case (false, false): bothWrong += 1
        }
    }

    public var count: Int { bothRight + gains + losses + bothWrong }

    /// Δ = (b − c)/n: the rise in accuracy; 0 without rows.
    public var difference: Double { count == 0 ? 0 : Double(gains - losses) / Double(count) }

    /// (b + c)/n: the share of rows on which the models differ; 0 without rows.
    public var discordance: Double { count == 0 ? 0 : Double(gains + losses) / Double(count) }

    public var championCorrect: Int { bothRight + losses }
    public var challengerCorrect: Int { bothRight + gains }

    /// 0 without rows.
    public var championAccuracy: Double { count == 0 ? 0 : Double(championCorrect) / Double(count) }
    /// 0 without rows.
    public var challengerAccuracy: Double { count == 0 ? 0 : Double(challengerCorrect) / Double(count) }
}
