import Glibc

/// How many paired rows a test needs to decide, if what was seen so far is the truth.
///
/// To show with significance α and power 1 − β that a rise Δ exceeds −margin, where the models
/// differ on the share d of rows:
///
///     n = (z₁₋α + z₁₋β)² · (d − Δ²) / (Δ + margin)²
///
/// A margin of 0 is the question of McNemar's test, 0.02 that of a non-inferiority test.
///
/// - Parameters:
///   - difference: Δ, a share.
///   - discordance: d, a share, at least |Δ|.
///   - margin: the loss that is tolerated, 0 or more.
///   - alpha: the significance, in (0, 1).
///   - power: the wanted chance of a clear answer, in (0, 1).
/// - Returns: rows in all, or nil where no number of rows would help: the models never differ or
///   the rise does not exceed −margin.
///
/// Source: Connor, *Sample size for testing differences in proportions for the paired-sample
/// design*, [doi:10.2307/2531961](https://doi.org/10.2307/2531961).
public func rowsToDecide(
    difference: Double, discordance: Double, margin: Double, alpha: Double, power: Double = 0.8
) -> Int? {
    let lead = difference + margin
    guard lead > 0, discordance > 0 else { return nil }
    let z = normalQuantile(1 - alpha) + normalQuantile(power)
    let rows = z * z * max(0, discordance - difference * difference) / (lead * lead)
    // Beyond a billion rows the honest answer is "never".
    guard rows < 1e9 else { return nil }
    return max(1, Int(rows.rounded(.up)))
}

extension PairedOutcomes {
    /// How many rows *more* would decide; 0 where the present number should already do.
    public func moreRowsToDecide(margin: Double, alpha: Double, power: Double = 0.8) -> Int? {
        rowsToDecide(
            difference: difference, discordance: discordance, margin: margin, alpha: alpha, power: power
        )
        .map { max(0, $0 - count) }
    }
}
