public import FoundationEssentials

/// What a version said to a labelled row, beside what is true: the table `outcome`.
public struct StoredOutcome: Codable, Sendable, Equatable {
    public var exampleID: Int64
    public var modelVersion: Int
    /// The class, or the reply's JSON where the task has none.
    public var predictedLabel: String
    /// What the row is grouped by, as `StoredExample.label`.
    public var label: String
    /// The task's bounded loss, in [0, 1]; for classification 0 or 1.
    public var loss: Double
    /// What training minimizes: of classes −ln of the probability that the true label was given.
    public var lossInNats: Double
    public var confidence: Double
    /// In the order of the version's labels.
    public var probabilities: [Double]
    public var tokens: Int
    public var unknownTokens: Int
    public var scoredAt: Date

    public init(
        exampleID: Int64, modelVersion: Int, predictedLabel: String, label: String, loss: Double,
        lossInNats: Double, confidence: Double, probabilities: [Double], tokens: Int, unknownTokens: Int,
        scoredAt: Date
    ) {
        self.exampleID = exampleID
        self.modelVersion = modelVersion
        self.predictedLabel = predictedLabel
        self.label = label
        self.loss = loss
        self.lossInNats = lossInNats
        self.confidence = confidence
        self.probabilities = probabilities
        self.tokens = tokens
        self.unknownTokens = unknownTokens
        self.scoredAt = scoredAt
    }
}

/// An outcome without its probabilities, and when its row was observed.
public struct ScoredRow: Sendable, Equatable {
    public var outcome: StoredOutcome
    /// By the row's own account.
    public var observedAt: Date?
    public var receivedAt: Date
    /// Where it was fetched from, or how feedback chose it.
    public var source: String

    public init(outcome: StoredOutcome, observedAt: Date?, receivedAt: Date, source: String) {
        self.outcome = outcome
        self.observedAt = observedAt
        self.receivedAt = receivedAt
        self.source = source
    }
}
