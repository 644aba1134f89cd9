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
    /// Where answers can be partly right: what both lost. The counts above then take an answer that is more
    /// right than wrong for right.
    public private(set) var partial: LossDifferences?

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

    /// Counts rows on which answers can be partly right, from two lists in the same row order: what each model
    /// lost, in [0, 1].
    public init(championLosses: [Double], challengerLosses: [Double]) {
        precondition(
            championLosses.count == challengerLosses.count,
            "paired losses need the same rows, not \(championLosses.count) and \(challengerLosses.count)")
        self.init()
        partial = LossDifferences()
        for (old, new) in zip(championLosses, challengerLosses) {
            add(champion: old < 0.5, challenger: new < 0.5)
            partial?.add(champion: old, challenger: new)
        }
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

    /// Δ = (b − c)/n: the rise in accuracy, or the fall of the mean loss; 0 without rows.
    public var difference: Double {
        partial?.mean ?? (count == 0 ? 0 : Double(gains - losses) / Double(count))
    }

    /// (b + c)/n: the share of rows on which the models differ, or the mean square of what they differ by; 0
    /// without rows.
    public var discordance: Double {
        partial?.meanSquare ?? (count == 0 ? 0 : Double(gains + losses) / Double(count))
    }

    public var championCorrect: Int { correct(partial?.championLoss) ?? bothRight + losses }
    public var challengerCorrect: Int { correct(partial?.challengerLoss) ?? bothRight + gains }

    /// 1 − the mean loss; 0 without rows.
    public var championAccuracy: Double { accuracy(partial?.championLoss, championCorrect) }
    /// 1 − the mean loss; 0 without rows.
    public var challengerAccuracy: Double { accuracy(partial?.challengerLoss, challengerCorrect) }

    /// As many right answers as partly right ones are worth.
    private func correct(_ loss: Double?) -> Int? { loss.map { count - Int($0.rounded()) } }

    private func accuracy(_ loss: Double?, _ correct: Int) -> Double {
        count == 0 ? 0 : loss.map { 1 - $0 / Double(count) } ?? Double(correct) / Double(count)
    }

    // MARK: Tests

    /// How likely so great a lead is for a challenger that is no better: McNemar's exact test of right and
    /// wrong answers, the paired bootstrap of losses.
    ///
    /// - Parameter alpha: the significance that it will be held against.
    public func pValue(alpha: Double) -> Double {
        partial?.pValue(alpha: alpha) ?? mcNemarExactOneSided(b: gains, c: losses)
    }

    /// The one-sided bounds of the difference, by Agresti and Min or by the paired bootstrap.
    public func bounds(confidence: Double) -> (lower: Double, upper: Double) {
        partial?.bounds(confidence: confidence) ?? (
            agrestiMinLowerBound(b: gains, c: losses, n: count, confidence: confidence),
            agrestiMinUpperBound(b: gains, c: losses, n: count, confidence: confidence)
        )
    }
}
