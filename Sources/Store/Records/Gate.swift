public import FoundationEssentials

/// A trial that was decided: a row of the append-only table `gate`.
public struct Gate: Codable, Sendable, Equatable {
    public var id: Int64?
    public var at: Date
    public var anchorID: Int64
    /// Counts the trials against this anchor, from 1.
    public var number: Int
    /// The version that was live.
    public var champion: Int
    /// The run that the challenger came from.
    public var runID: Int64?
    /// The challenger, where it was a version already.
    public var version: Int?
    public var isPromoted: Bool
    /// What was found, as JSON.
    public var verdict: String

    /// A trial that waits for its number.
    public init(
        at: Date, anchorID: Int64, champion: Int, runID: Int64? = nil, version: Int? = nil, isPromoted: Bool,
        verdict: String
    ) {
        self.at = at
        self.anchorID = anchorID
        number = 0
        self.champion = champion
        self.runID = runID
        self.version = version
        self.isPromoted = isPromoted
        self.verdict = verdict
    }
}

/// The rows that show what was forgotten, frozen for as long as they are good for.
public struct Anchor: Sendable, Equatable {
    public var id: Int64
    /// In the order of arrival.
    public var rows: [StoredExample]
    /// How many trials were decided against it.
    public var gates: Int
}
