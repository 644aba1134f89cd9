import Drift
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
    /// Whether the row may speak for all: corrections come for wrong answers, and rows that were chosen because the
    /// model was unsure are hard ones.
    public var isRepresentative: Bool

    public init(
        exampleID: Int64, at: Date, label: String, predicted: String, loss: Double, lossInNats: Double,
        confidence: Double, tokens: Int, unknownTokens: Int, probabilities: [Double] = [],
        isRepresentative: Bool = true
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
        self.isRepresentative = isRepresentative
    }

    /// What the watch is rebuilt from.
    public init(_ row: ScoredRow, apart: Set<String>) {
        self.init(row.outcome, at: row.observedAt ?? row.receivedAt, source: row.source, apart: apart)
    }

    /// - Parameters:
    ///   - source: where the row was fetched from, or how feedback chose it.
    ///   - apart: feeds whose rows may not speak for all.
    public init(_ outcome: StoredOutcome, at: Date, source: String, apart: Set<String>) {
        self.init(
            exampleID: outcome.exampleID, at: at, label: outcome.label, predicted: outcome.predictedLabel,
            loss: outcome.loss, lossInNats: outcome.lossInNats, confidence: outcome.confidence,
            tokens: outcome.tokens, unknownTokens: outcome.unknownTokens,
            probabilities: outcome.probabilities,
            isRepresentative: LabelOrigin(source: source, apart: apart).isRepresentative)
    }

    /// Whether the prediction counts as right: as more right than wrong, where it can be partly right.
    public var isCorrect: Bool { loss < 0.5 }
}
