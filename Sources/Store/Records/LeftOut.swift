/// Rows of a source that a run did not learn from, for one reason: a row of the append-only table `leftOut`.
public struct LeftOut: Codable, Sendable, Equatable {
    public enum Reason: String, Codable, Sendable, CaseIterable {
        /// Nearly the same as a row that judges or chooses.
        case leak
        /// Nearly the same as a newer row that is learned from.
        case nearDuplicate = "near-duplicate"
        /// A label against a model that was sure, and is right where it is.
        case slip
        /// The same, of a source that all others speak against.
        case liar
        /// A source gave more than its share.
        case flood
    }

    public var id: Int64?
    public var runID: Int64
    public var reason: Reason
    public var source: String
    public var rows: Int

    public init(runID: Int64, reason: Reason, source: String, rows: Int) {
        self.runID = runID
        self.reason = reason
        self.source = source
        self.rows = rows
    }
}

/// What the version that was live said to a labelled row, where it was sure of itself.
public struct ConfidentAnswer: Decodable, Sendable, Equatable {
    public var exampleID: Int64
    public var modelVersion: Int
    public var predictedLabel: String
    public var confidence: Double

    public init(exampleID: Int64, modelVersion: Int, predictedLabel: String, confidence: Double) {
        self.exampleID = exampleID
        self.modelVersion = modelVersion
        self.predictedLabel = predictedLabel
        self.confidence = confidence
    }
}
