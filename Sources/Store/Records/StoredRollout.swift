public import FoundationEssentials

/// A stretch in which two versions were compared on the live stream: a row of the table `rollout`.
public struct StoredRollout: Codable, Sendable, Equatable {
    public var id: Int64?
    /// `shadow`, `canary` or `probation`.
    public var stage: String
    /// The version that takes over, or took over.
    public var version: Int
    /// The version that it takes over from.
    public var against: Int
    /// The share of requests that a canary answers.
    public var share: Double?
    /// Whether harm takes the version back by itself. A person's order is only warned about.
    public var isBinding: Bool
    /// Who asked for the version.
    public var actor: String
    public var runID: Int64?
    public var startedAt: Date
    public var endedAt: Date?
    public var outcome: Outcome?
    /// Why it ended.
    public var sentence: String?
    /// Requests that both versions answered, and how many of them differently.
    public var requests: Int
    public var disagreements: Int

    public enum Outcome: String, Codable, Sendable {
        /// No harm beyond chance.
        case passed
        /// Harm: the old version stayed, or came back.
        case back
        /// Harm, but a person had ordered the version.
        case warned
        /// Something else became live meanwhile.
        case cancelled
    }

    /// A stretch that begins.
    public init(
        stage: String, version: Int, against: Int, share: Double? = nil, isBinding: Bool, actor: String,
        runID: Int64?, startedAt: Date
    ) {
        self.stage = stage
        self.version = version
        self.against = against
        self.share = share
        self.isBinding = isBinding
        self.actor = actor
        self.runID = runID
        self.startedAt = startedAt
        requests = 0
        disagreements = 0
    }
}

/// What both versions lost on one labelled row: a row of the table `rolloutPair`.
public struct RolloutPair: Codable, Sendable, Equatable {
    public var rolloutID: Int64
    public var exampleID: Int64
    /// In [0, 1]; for classification 0 or 1.
    public var oldLoss: Double
    public var newLoss: Double

    public init(rolloutID: Int64, exampleID: Int64, oldLoss: Double, newLoss: Double) {
        self.rolloutID = rolloutID
        self.exampleID = exampleID
        self.oldLoss = oldLoss
        self.newLoss = newLoss
    }
}

/// How one stretch ends and the next begins, in the transaction that changes what is live.
public struct RolloutChange: Sendable, Equatable {
    public var outcome: StoredRollout.Outcome
    public var sentence: String
    public var next: StoredRollout?

    /// - Parameters:
    ///   - outcome: of the stretch under way, if there is one.
    ///   - next: the stretch that begins.
    public init(_ outcome: StoredRollout.Outcome, _ sentence: String, next: StoredRollout? = nil) {
        self.outcome = outcome
        self.sentence = sentence
        self.next = next
    }
}
