import Drift

/// A remedy that a run tried, what it cost and what came of it.
public struct RungSummary: Codable, Sendable, Equatable {
    /// `temperature`, `prior`, `archive`, `head`, `lora`, `full`, `base`.
    public var level: String
    /// `failed`, `hopeless`, `refused`, `partial`, `promoted`.
    public var outcome: String
    /// Rows that were learned from.
    public var rows: Int
    /// Processor time of its trainer, and time from beginning to end, in seconds.
    public var cpuSeconds: Double
    public var seconds: Double
    /// What was found.
    public var sentence: String

    /// What it took, for people.
    var cost: String {
        let learned = rows > 0 ? "\(counted(rows, "row")), " : ""
        let processor = cpuSeconds > 0 ? ", \(span(cpuSeconds)) of processor time" : ""
        return "\(learned)\(span(seconds))\(processor)"
    }
}
