/// The outcome of a trial, explicit and complete: every check, every figure, one plain sentence.
public struct PromotionVerdict: Sendable, Hashable, Codable {
    /// By which rule a challenger is, or would have been, promoted.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Better on fresh rows beyond chance.
        case benefit
        /// A refresh that does no harm.
        case nonInferiority
        /// No champion to compare with: good enough in itself.
        case floor
        /// An operator's order.
        case forced
    }

    public let isPromoted: Bool
    /// Whether nothing but a held check stands against it, so that an operator should look.
    public let isHeld: Bool
    public let kind: Kind
    public let checks: [Check]
    /// How many more fresh labels would probably decide, where the trial failed for lack of them.
    public let moreFreshLabels: Int?
    /// How many more rows of the anchor would probably decide, where its bound was only too wide.
    public let moreAnchorRows: Int?
    /// The verdict in one sentence.
    public let sentence: String
    /// What it was reached from: `policy.decide(trial)` gives the same verdict again, number for number.
    /// Nil in verdicts of an older Hone, and where a measured figure was not finite.
    public let trial: TrialEvidence?
    public let policy: PromotionPolicy?
}

/// One rule of the gate and what it found.
public struct Check: Sendable, Hashable, Codable {
    /// How a check ended.
    public enum Outcome: String, Sendable, Hashable, Codable {
        case passed
        /// Passed, but an operator should know.
        case warned
        case failed
        /// Not wrong beyond doubt, but for a person to decide.
        case held
        /// Nothing to measure here.
        case skipped
    }

    /// A short stable name: `benefit`, `anchor`, `slices`, `calibration`, `churn`, `loading` …
    public let name: String
    public let outcome: Outcome
    /// What was found, as a sentence.
    public let statement: String
    /// The numbers behind the statement; shares are in 0…1. Numbers that are not finite are left out.
    public let figures: [String: Double]

    public init(name: String, outcome: Outcome, statement: String, figures: [String: Double]) {
        self.name = name
        self.outcome = outcome
        self.statement = statement
        self.figures = figures.filter { $0.value.isFinite }
    }

    /// Whether the check lets the challenger through.
    public var passed: Bool { outcome != .failed && outcome != .held }
}
