public import Foundation

/// One training run, from its trigger to the gate's verdict.
public struct RunSummary: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable {
        case queued, running, judging, promoted, refused, failed, cancelled
    }

    public var id: Int64
    public var state: State
    /// `manual`, `accuracy`, `avoidable-errors`, `new-labels`, `schedule`.
    public var trigger: String
    /// The reason in a sentence.
    public var reason: String
    public var requestedBy: String
    public var baseVersion: Int
    public var challengerVersion: Int?
    public var queuedAt: Date
    public var startedAt: Date?
    public var finishedAt: Date?
    public var trainingRows = 0
    /// The remedy that is being tried, while the daemon knows of one.
    public var level: String?
    public var step = 0
    public var totalSteps = 0
    /// Of the newest step, in nats.
    public var loss: Double?
    public var developmentAccuracy: Double?
    public var secondsLeft: Double?
    /// Processor time of the trainer, in seconds.
    public var cpuSeconds: Double?
    /// What the gate found, number by number.
    public var verdict: TrialVerdict?
    /// Why it ended without a verdict.
    public var error: String?
    /// The remedies that were tried, in their order; absent where nothing was tried yet.
    public var rungs: [RungSummary]?
    /// The rows that it did not learn from, by reason and source; absent where it took all.
    public var leftOut: [LeftOutSummary]?

    public var isFinished: Bool { ![.queued, .running, .judging].contains(state) }
    public var isPromoted: Bool { state == .promoted }

    /// How far training is, in [0, 1].
    public var progress: Double {
        totalSteps > 0 ? min(1, Double(step) / Double(totalSteps)) : 0
    }
}
