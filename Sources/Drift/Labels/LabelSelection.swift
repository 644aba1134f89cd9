import Glibc

/// How a row came to be labelled, which decides whether it may speak for all rows.
public enum LabelOrigin: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
    /// Drawn by lot from what was served, each row with the same chance.
    case audit
    /// Drawn by lot with a chance of its own, which was logged.
    case propensity
    /// A user or a client said that an answer was wrong, or right.
    case correction
    /// Chosen because the model was unsure.
    case active
    /// Brought in from elsewhere, nobody knows how chosen.
    case bulk

    /// Whether rows of this origin are a fair picture of what is served.
    public var isRepresentative: Bool { self == .audit || self == .propensity }
}

/// An estimate of the mean loss from the rows that may speak for all, the others kept apart.
///
/// Corrections come for wrong answers and active labels for hard rows: with them in the mean, a good
/// model looks bad. So only rows drawn by lot count: audit rows with weight 1, rows that were drawn
/// with the chance π with weight 1/π. The estimate is Hájek's,
///
///     L̄ = Σ wᵢ xᵢ / Σ wᵢ         Var ≈ Σ wᵢ² (xᵢ − L̄)² / (Σ wᵢ)²
///
/// in the unit of the loss. O(1) a row, five sums an origin, mergeable.
///
/// Source: Hájek, *Comment on "An essay on the logical foundations of survey sampling"* (1971);
/// Särndal, Swensson and Wretman, *Model Assisted Survey Sampling*,
/// [doi:10.1007/978-1-4612-4378-6](https://doi.org/10.1007/978-1-4612-4378-6).
public struct LabelSelection: Sendable, Hashable, Codable {
    /// The plain mean of rows that speak only for themselves.
    public struct Apart: Sendable, Hashable, Codable {
        public fileprivate(set) var count = 0
        fileprivate var sum = 0.0

        /// Their mean loss; nil without rows. It is no estimate of anything else.
        public var mean: Double? { count == 0 ? nil : sum / Double(count) }
    }

    /// Rows of each origin that do not count.
    public private(set) var apart: [LabelOrigin: Apart] = [:]
    /// Rows that count.
    public private(set) var count = 0
    /// Rows that were refused: a loss that is no number, or a propensity outside of (0, 1].
    public private(set) var refused = 0

    private var weights = 0.0
    private var squaredWeights = 0.0
    private var losses = 0.0
    /// Σ w² x and Σ w² x².
    private var scatterSum = 0.0
    private var scatterSquares = 0.0

    public init() {}

    /// Takes a row.
    ///
    /// - Parameters:
    ///   - loss: any bounded loss, 1 for a wrong answer.
    ///   - propensity: π, the chance with which the row was drawn; only read where `origin` is
    ///     `.propensity`.
    public mutating func add(loss: Double, origin: LabelOrigin, propensity: Double = 1) {
        guard loss.isFinite, origin != .propensity || (propensity > 0 && propensity <= 1) else {
            refused += 1
            return
        }
        guard origin.isRepresentative else {
            apart[origin, default: Apart()].count += 1
            apart[origin, default: Apart()].sum += loss
            return
        }
        let weight = origin == .propensity ? 1 / propensity : 1
        count += 1
        weights += weight
        squaredWeights += weight * weight
        losses += weight * loss
        scatterSum += weight * weight * loss
        scatterSquares += weight * weight * loss * loss
    }

    /// Adds the rows of another stretch.
    public mutating func merge(_ other: LabelSelection) {
        for (origin, rows) in other.apart {
            apart[origin, default: Apart()].count += rows.count
            apart[origin, default: Apart()].sum += rows.sum
        }
        count += other.count
        refused += other.refused
        weights += other.weights
        squaredWeights += other.squaredWeights
        losses += other.losses
        scatterSum += other.scatterSum
        scatterSquares += other.scatterSquares
    }

    /// L̄; nil without a row that counts.
    public var mean: Double? { weights > 0 ? losses / weights : nil }

    /// The standard error of L̄; nil with fewer than two rows.
    public var standardError: Double? {
        guard count > 1, let mean else { return nil }
        let scatter = scatterSquares - 2 * mean * scatterSum + mean * mean * squaredWeights
        return max(0, scatter).squareRoot() / weights
    }

    /// Kish's effective number of rows, (Σw)²/Σw²: what unequal weights leave of `count`.
    public var effectiveCount: Double { squaredWeights > 0 ? weights * weights / squaredWeights : 0 }

    /// The normal interval of L̄, for a mean that is looked at once; nil with fewer than two rows.
    public func interval(confidence: Double) -> ClosedRange<Double>? {
        guard let mean, let standardError else { return nil }
        let reach = twoSidedQuantile(confidence: confidence) * standardError
        return (mean - reach)...(mean + reach)
    }

    /// The interval of L̄ that may be looked at after every label: an asymptotic confidence sequence.
    ///
    /// With σ̂ = SE·√t after t rows,
    ///
    ///     L̄ ± σ̂ √( 2(tρ² + 1)/(t²ρ²) · ln(√(tρ² + 1)/α) )
    ///
    /// where ρ makes it narrowest at `tightestAt` rows. Where all weights are 1 and losses 0 or 1,
    /// `binomialConfidenceSequence` holds without an asymptote. Nil with fewer than thirty rows, for
    /// which the normal limit is no help.
    ///
    /// Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, *Time-uniform central limit theory
    /// and asymptotic confidence sequences*, [arXiv:2103.06476](https://arxiv.org/abs/2103.06476).
    public func anytimeInterval(alpha: Double, tightestAt rows: Int = 500) -> ClosedRange<Double>? {
        precondition(alpha > 0 && alpha < 1, "α must lie in (0, 1), not \(alpha)")
        precondition(rows > 0, "an interval is narrowest at a positive number of rows, not \(rows)")
        guard count >= 30, let mean, let standardError else { return nil }
        let spread = -2 * log(alpha)
        let t = Double(count)
        let tau = t * (spread + log1p(spread)) / Double(rows)
        let reach = standardError * (2 * (tau + 1) / tau * log((tau + 1).squareRoot() / alpha)).squareRoot()
        return (mean - reach)...(mean + reach)
    }
}
