public import Foundation
public import Store

/// One labelled row as the watch sees it: what the live model said and what turned out to be true.
public struct Observation: Sendable, Equatable {
    public var exampleID: Int64
    /// When the row was observed: its own time where it has one, else when it arrived.
    public var at: Date
    public var label: String
    /// The class, or the reply's JSON where the task has none.
    public var predicted: String
    /// The bounded loss in [0, 1] that watching and gating speak of; for classification 0 or 1.
    public var loss: Double
    public var lossInNats: Double
    public var confidence: Double
    public var tokens: Int
    public var unknownTokens: Int
    /// In the order of the version's labels; empty where they are not needed.
    public var probabilities: [Double]

    public init(
        exampleID: Int64, at: Date, label: String, predicted: String, loss: Double, lossInNats: Double,
        confidence: Double, tokens: Int, unknownTokens: Int, probabilities: [Double] = []
    ) {
        self.exampleID = exampleID
        self.at = at
        self.label = label
        self.predicted = predicted
        self.loss = loss
        self.lossInNats = lossInNats
        self.confidence = confidence
        self.tokens = tokens
        self.unknownTokens = unknownTokens
        self.probabilities = probabilities
    }

    public init(_ outcome: StoredOutcome, at: Date) {
        self.init(
            exampleID: outcome.exampleID, at: at, label: outcome.label, predicted: outcome.predictedLabel,
            loss: outcome.loss, lossInNats: outcome.lossInNats, confidence: outcome.confidence,
            tokens: outcome.tokens, unknownTokens: outcome.unknownTokens,
            probabilities: outcome.probabilities)
    }

    /// Whether the prediction counts as right: as more right than wrong, where it can be partly right.
    public var isCorrect: Bool { loss < 0.5 }
}
