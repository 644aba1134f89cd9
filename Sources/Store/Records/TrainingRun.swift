public import FoundationEssentials

/// One training run, from its trigger to its end: the table `trainingRun`.
public struct TrainingRun: Codable, Sendable, Equatable {
    public var id: Int64?
    /// What set it off, in a word: `manual`, `accuracy`, `schedule` …
    public var trigger: String
    /// The same in a sentence.
    public var reason: String
    public var requestedBy: String
    public var state: RunState
    /// The version that it starts from.
    public var baseVersion: Int
    /// The version that it became.
    public var challengerVersion: Int?
    public var queuedAt: Date
    public var startedAt: Date?
    public var finishedAt: Date?
    /// Of the training child, while there is one.
    public var processID: Int?
    /// The run directory; empty until the run starts.
    public var directory: String
    public var trainingRows: Int
    /// The newest row that it may have learned from; later rows are new to it.
    public var cut: Int64?
    public var step: Int
    public var totalSteps: Int
    /// Of the newest step, in nats.
    public var loss: Double?
    public var developmentAccuracy: Double?
    /// The gate's verdict, as JSON.
    public var verdict: String?
    /// Why it ended without a verdict.
    public var error: String?
    /// Processor time that its trainer used, in seconds.
    public var cpuSeconds: Double

    /// A run that waits to start.
    public init(
        trigger: String, reason: String, requestedBy: String, baseVersion: Int, queuedAt: Date,
        directory: String = ""
    ) {
        self.trigger = trigger
        self.reason = reason
        self.requestedBy = requestedBy
        state = .queued
        self.baseVersion = baseVersion
        self.queuedAt = queuedAt
        self.directory = directory
        trainingRows = 0
        step = 0
        totalSteps = 0
        cpuSeconds = 0
    }
}

/// Where a run stands.
///
/// ```
/// queued ─▶ running ─▶ judging ─▶ promoted
///    │         │          ├─────▶ refused
///    └─────────┴──────────┴─────▶ failed, cancelled
/// ```
public enum RunState: String, Codable, Sendable, CaseIterable {
    case queued, running, judging, promoted, refused, failed, cancelled

    /// Whether it has yet to end. At most one run of a database is active.
    public var isActive: Bool {
        switch self {
        case .queued, .running, .judging: true
        case .promoted, .refused, .failed, .cancelled: false
        }
    }

    /// Whether a run may go from here to there.
    public func mayBecome(_ next: RunState) -> Bool {
        switch (self, next) {
        case (.queued, .running), (.running, .judging), (.judging, .promoted), (.judging, .refused): true
        case (_, .failed), (_, .cancelled): isActive
        default: false
        }
    }
}
