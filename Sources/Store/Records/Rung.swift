public import FoundationEssentials

/// A remedy that a run tried, what it cost and how it ended: a row of the append-only table `rung`.
public struct Rung: Codable, Sendable, Equatable {
    public var id: Int64?
    public var runID: Int64
    /// When it ended.
    public var at: Date
    /// The remedy, in a word: `archive`, `head`, `full` …
    public var level: String
    /// `skipped`, `failed`, `hopeless`, `refused`, `partial`, `promoted`.
    public var outcome: String
    /// Rows that were learned from.
    public var rows: Int
    /// Processor time of its trainer, in seconds.
    public var cpuSeconds: Double
    /// From its beginning to its end, waiting for fresh labels included.
    public var seconds: Double
    public var sentence: String

    public init(
        runID: Int64, at: Date, level: String, outcome: String, rows: Int, cpuSeconds: Double,
        seconds: Double, sentence: String
    ) {
        self.runID = runID
        self.at = at
        self.level = level
        self.outcome = outcome
        self.rows = rows
        self.cpuSeconds = cpuSeconds
        self.seconds = seconds
        self.sentence = sentence
    }
}
