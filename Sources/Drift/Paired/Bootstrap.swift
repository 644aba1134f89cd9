/// A mean with the interval that resampling gives it.
public struct BootstrapInterval: Sendable, Hashable, Codable {
    public let mean: Double
    public let lower: Double
    public let upper: Double
    /// In (0, 1).
    public let confidence: Double
    /// Rows that were resampled.
    public let count: Int

    public init(mean: Double, lower: Double, upper: Double, confidence: Double, count: Int) {
        self.mean = mean
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
        self.count = count
    }
}

/// The paired percentile bootstrap of a mean difference, such as challenger's loss − champion's.
///
/// Rows are drawn with replacement `replicates` times; the interval reaches from the α/2 to the
/// 1 − α/2 quantile of their means. The same seed gives the same interval. Nil without rows or
/// where a difference is not finite.
///
/// - Parameter differences: one number a row, in any unit (nats for log-loss).
///
/// Source: Efron, [doi:10.1214/aos/1176344552](https://doi.org/10.1214/aos/1176344552).
public func pairedBootstrap(
    _ differences: [Double], replicates: Int = 2_000, confidence: Double, seed: UInt64
) -> BootstrapInterval? {
    requireConfidence(confidence)
    precondition(replicates > 1, "a bootstrap needs at least two replicates")
    guard let mean = mean(differences), differences.allSatisfy(\.isFinite) else { return nil }
    let means = bootstrapMeans(differences, replicates: replicates, seed: seed).sorted()
    return BootstrapInterval(
        mean: mean, lower: quantile(of: means, (1 - confidence) / 2),
        upper: quantile(of: means, (1 + confidence) / 2), confidence: confidence, count: differences.count)
}

/// The means of lots of some numbers, each as many, drawn with replacement; none without numbers.
func bootstrapMeans(_ numbers: [Double], replicates: Int, seed: UInt64) -> [Double] {
    guard !numbers.isEmpty else { return [] }
    var random = SplitMix64(seed: seed)
    return (0..<replicates).map { _ in
        var sum = 0.0
        for _ in numbers.indices { sum += numbers[random.index(below: numbers.count)] }
        return sum / Double(numbers.count)
    }
}

/// The percentile bootstrap of any figure of rows, such as an F1 over all of them: rows are drawn with
/// replacement, and the figure is taken of each lot. The same seed gives the same interval.
///
/// - Parameter figure: of rows by their places, some of them several times.
/// - Returns: from the α/2 to the 1 − α/2 quantile; `nil` without rows.
public func bootstrapInterval(
    rows: Int, replicates: Int = 1_000, confidence: Double, seed: UInt64, of figure: ([Int]) -> Double
) -> ClosedRange<Double>? {
    requireConfidence(confidence)
    precondition(replicates > 1, "a bootstrap needs at least two replicates")
    guard rows > 0 else { return nil }
    var random = SplitMix64(seed: seed)
    var figures = (0..<replicates).map { _ in figure((0..<rows).map { _ in random.index(below: rows) }) }
    figures.sort()
    return quantile(of: figures, (1 - confidence) / 2)...quantile(of: figures, (1 + confidence) / 2)
}

/// The quantile of sorted values by linear interpolation, as NumPy's default.
func quantile(of sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
