/// What the gate found about a challenger, check by check: `Drift.PromotionVerdict` as it was
/// stored with the run, in a form that the faces of Hone can read without knowing the statistics.
public struct TrialVerdict: Codable, Sendable, Equatable {
    public var isPromoted: Bool
    /// Whether nothing but a held check stands against it, so that a person should look.
    public var isHeld: Bool
    /// The rule that decided: `benefit`, `nonInferiority`, `floor`, `forced`.
    public var kind: String
    public var checks: [Check]
    /// How many more fresh labels would probably decide, where it failed for lack of them.
    public var moreFreshLabels: Int?
    /// How many more rows of the anchor would probably decide, where its bound was only too wide.
    public var moreAnchorRows: Int?
    public var sentence: String

    public struct Check: Codable, Sendable, Equatable {
        public enum Outcome: String, Codable, Sendable {
            case passed, warned, failed, held, skipped
        }

        /// `benefit`, `anchor`, `churn` …
        public var name: String
        public var outcome: Outcome
        public var statement: String
        /// The numbers behind the statement; shares are in [0, 1].
        public var figures: [String: Double]
    }
}
