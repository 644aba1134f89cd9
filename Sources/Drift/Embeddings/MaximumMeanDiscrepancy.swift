import Glibc

/// How far two samples of vectors lie apart in a kernel's eyes, and how often chance would do it.
public struct MeanDiscrepancy: Sendable, Hashable, Codable {
    /// The unbiased estimate of MMD²; about 0, also a little below, where nothing has changed.
    public let squared: Double
    /// (k + 1)/(B + 1), where k of B permutations reached at least `squared`; never 0.
    public let pValue: Double
    /// σ of the kernel, in the unit of the vectors.
    public let bandwidth: Double
    /// B.
    public let permutations: Int
    public let currentCount: Int
    public let referenceCount: Int
}

/// The kernel two-sample test: do two lists of vectors come from one distribution?
///
/// With the Gaussian kernel k of `bandwidth` σ (the median distance of all pairs if nil),
///
///     MMD² = Σ_{i≠j} k(xᵢ, xⱼ)/n(n−1) + Σ_{i≠j} k(yᵢ, yⱼ)/m(m−1) − 2 Σ k(xᵢ, yⱼ)/nm
///
/// The p-value compares with B relabellings of the pooled rows and counts the observed one among
/// them, so that it is exact and never 0. The same seed gives the same p-value. It sees any change
/// of a distribution, also those that harm nobody: read the effect beside it, and let it ask for
/// labels, never swap a model.
///
/// O((n + m)² d + B · min(n, m)²) time, (n + m)² floats of memory: hand in samples of at most a
/// thousand rows, such as those of a `VectorReservoir`. Nil with fewer than two rows on a side.
///
/// Source: Gretton, Borgwardt, Rasch, Schölkopf and Smola, *A Kernel Two-Sample Test*,
/// [JMLR 13 (2012)](https://jmlr.org/papers/v13/gretton12a.html); p-values:
/// Phipson and Smyth, [doi:10.2202/1544-6115.1585](https://doi.org/10.2202/1544-6115.1585).
public func maximumMeanDiscrepancy(
    _ current: [[Float]], _ reference: [[Float]], bandwidth: Double? = nil, permutations: Int = 199,
    seed: UInt64
) -> MeanDiscrepancy? {
    precondition(permutations >= 1, "a permutation test needs at least one permutation")
    guard current.count > 1, reference.count > 1 else { return nil }
    let kernel = KernelMatrix(current + reference, bandwidth: bandwidth)
    let split = KernelSplit(kernel)
    let (n, total) = (current.count, kernel.count)
    let observed = split.squaredDiscrepancy(of: Array(0..<n))
    // Relabelling is symmetric in the two samples, so the smaller one is drawn: fewer pairs to add.
    let drawn = min(n, total - n)
    var random = SplitMix64(seed: seed)
    // Sums in another order differ in the last digits; a tie must not depend on them.
    let margin = 1e-12
    let reached = (0..<permutations).reduce(0) { count, _ in
        let rows = random.sample(drawn, of: total)
        return count + (split.squaredDiscrepancy(of: rows) >= observed - margin ? 1 : 0)
    }
    return MeanDiscrepancy(
        squared: observed, pValue: Double(reached + 1) / Double(permutations + 1),
        bandwidth: kernel.bandwidth, permutations: permutations, currentCount: n,
        referenceCount: total - n)
}

/// The discrepancy between any part of some rows and the rest, from sums that are known in advance.
private struct KernelSplit {
    let kernel: KernelMatrix
    let rowSums: [Double]
    let total: Double

    init(_ kernel: KernelMatrix) {
        self.kernel = kernel
        rowSums = kernel.rowSums
        total = rowSums.reduce(0, +)
    }

    /// MMD² of `part`, by indices, against all other rows.
    func squaredDiscrepancy(of part: [Int]) -> Double {
        let (n, m) = (Double(part.count), Double(kernel.count - part.count))
        let within = kernel.sum(within: part)
        let touching = part.reduce(0) { $0 + rowSums[$1] }
        let across = touching - within
        let rest = total - within - 2 * across
        return within / (n * (n - 1)) + rest / (m * (m - 1)) - 2 * across / (n * m)
    }
}
