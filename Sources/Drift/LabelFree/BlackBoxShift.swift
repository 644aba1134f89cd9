import Glibc

/// Black-box shift estimation: the present class shares from nothing but the predicted classes.
///
/// With C[i][j] = P(predicted i, true j) on held-out rows and μ the shares of predicted classes now,
///
///     C w = μ        πⱼ = max(0, wⱼ) · P(true j), divided by their sum
///
/// Needs no calibration, only that p(x | class) stayed as it was and that the model tells the
/// classes apart. Where C's smallest singular value is below 0.05 the equations cannot bear an
/// answer, and there is none.
///
/// Source: Lipton, Wang and Smola, *Detecting and Correcting for Label Shift with Black Box
/// Predictors*, [arXiv:1802.03916](https://arxiv.org/abs/1802.03916).
public struct BlackBoxShift: Sendable, Hashable, Codable {
    /// The smallest singular value that C may have.
    public static let minimumSingularValue = 0.05

    /// The shares of the classes now.
    public let estimate: PriorEstimate
    /// How often each class occurs now, in units of how often it did: w, before clipping at 0.
    public let weights: [Double]
    /// Half of Σ |C w⁺ − μ| with the clipped and rescaled w⁺: the part of the predictions that label
    /// shift does not explain, 0…1.
    ///
    /// Noise aside it is 0 under label shift. As many equations as unknowns hide most other shifts
    /// from it: see `labelShiftFit` for a test that has more equations.
    public let residual: Double
    /// The smallest singular value of C.
    public let singularValue: Double

    /// Nil without rows, with a class that the held-out rows lack, or where C is too near to singular.
    ///
    /// - Parameters:
    ///   - validation: the confusion matrix of held-out rows of the old world.
    ///   - predicted: predictions a class now.
    public init?(validation: ConfusionMatrix, predicted: [Int]) {
        let k = predicted.count
        precondition(validation.counts.count == k, "\(validation.counts.count) and \(k) classes")
        let (total, now) = (Double(validation.total), Double(predicted.reduce(0, +)))
        guard total > 0, now > 0 else { return nil }
        let c = (0..<k).map { i in (0..<k).map { j in Double(validation.counts[j][i]) / total } }
        let priors = validation.counts.map { Double($0.reduce(0, +)) / total }
        guard priors.allSatisfy({ $0 > 0 }) else { return nil }
        singularValue = smallestSingularValue(of: c)
        guard singularValue >= Self.minimumSingularValue else { return nil }
        let mu = predicted.map { Double($0) / now }
        guard let weights = solve(c, mu) else { return nil }
        self.weights = weights
        let masses = (0..<k).map { max(0, weights[$0]) * priors[$0] }
        let mass = masses.reduce(0, +)
        guard mass > 0 else { return nil }
        estimate = PriorEstimate(shares: masses.map { $0 / mass }, iterations: 0)
        residual =
            (0..<k).reduce(0) { sum, i in
                let explained = (0..<k).reduce(0) { $0 + c[i][$1] * max(0, weights[$1]) / mass }
                return sum + abs(explained - mu[i])
            } / 2
    }
}

/// Whether a mixture of the old classes in other shares explains the stream as it is now.
///
/// Rows are counted in cells of predicted class and confidence. Under label shift the present cells
/// are a mixture of each class's old cells; the shares are the most likely ones (expectation
/// maximisation), and the G-statistic of what is left has cells − classes degrees of freedom. A
/// small p says that something other than the shares has changed. The old cells are themselves a
/// sample: the statistic is scaled by m/(n + m) for it, which holds where n now and m then are
/// spread alike, and errs little elsewhere.
///
/// - Parameters:
///   - current: rows a cell now.
///   - reference: `[class][cell]`, held-out rows of the old world.
/// - Returns: nil without rows or with fewer used cells than classes plus one.
///
/// Source: the mixture view of Saerens et al.,
/// [doi:10.1162/089976602753284446](https://doi.org/10.1162/089976602753284446), over the cells of
/// Lipton et al., [arXiv:1802.03916](https://arxiv.org/abs/1802.03916).
public func labelShiftFit(current: [Int], reference: [[Int]]) -> (fit: TwoSampleTest, shares: PriorEstimate)?
{
    precondition(
        reference.allSatisfy { $0.count == current.count }, "the classes need the same cells as the stream")
    let sizes = reference.map { Double($0.reduce(0, +)) }
    let used = current.indices.filter { cell in current[cell] > 0 || reference.contains { $0[cell] > 0 } }
    let (n, m) = (Double(current.reduce(0, +)), sizes.reduce(0, +))
    guard n > 0, sizes.allSatisfy({ $0 > 0 }), used.count > reference.count else { return nil }
    // Half a row a cell, or a cell that no class ever filled would forbid what was seen in it.
    let densities = zip(reference, sizes).map { counts, size in
        used.map { (Double(counts[$0]) + 0.5) / (size + 0.5 * Double(used.count)) }
    }
    let observed = used.map { Double(current[$0]) }
    var shares = sizes.map { $0 / m }
    var steps = 0
    repeat {
        steps += 1
        var next = [Double](repeating: 0, count: shares.count)
        for (cell, rows) in observed.enumerated() where rows > 0 {
            let parts = shares.indices.map { shares[$0] * densities[$0][cell] }
            let whole = parts.reduce(0, +)
            for label in shares.indices { next[label] += rows * parts[label] / whole / n }
        }
        let moved = zip(shares, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
        shares = next
        if moved < 1e-9 { break }
    } while steps < 5_000
    let g = observed.enumerated().reduce(0.0) { sum, cell in
        let expected = n * shares.indices.reduce(0) { $0 + shares[$1] * densities[$1][cell.offset] }
        return sum + (cell.element > 0 ? 2 * cell.element * log(cell.element / expected) : 0)
    }
    let statistic = max(0, g * m / (n + m))
    let freedom = used.count - reference.count
    return (
        TwoSampleTest(
            statistic: statistic, pValue: chiSquaredSurvival(statistic, degreesOfFreedom: freedom),
            degreesOfFreedom: freedom), PriorEstimate(shares: shares, iterations: steps)
    )
}
