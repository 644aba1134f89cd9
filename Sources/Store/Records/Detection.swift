public import FoundationEssentials

/// Something that a detector said about the stream: the table `detection`.
public struct Detection: Codable, Sendable, Equatable {
    public var id: Int64?
    public var at: Date
    public var detector: String
    /// `warning` or `drift`.
    public var verdict: String
    /// In the detector's own unit.
    public var evidence: Double
    public var threshold: Double
    /// The row that tipped it.
    public var exampleID: Int64?
    /// When the change began, as far as the detector can tell.
    public var changeBeganAt: Date?
    public var modelVersion: Int
    /// A JSON object with what else was known.
    public var details: String

    public init(
        id: Int64? = nil, at: Date, detector: String, verdict: String, evidence: Double, threshold: Double,
        exampleID: Int64? = nil, changeBeganAt: Date? = nil, modelVersion: Int, details: String = "{}"
    ) {
        self.id = id
        self.at = at
        self.detector = detector
        self.verdict = verdict
        self.evidence = evidence
        self.threshold = threshold
        self.exampleID = exampleID
        self.changeBeganAt = changeBeganAt
        self.modelVersion = modelVersion
        self.details = details
    }
}
