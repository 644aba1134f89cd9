public import FoundationEssentials

/// What a client was told: the table `prediction`. Never changed, and let go of by age.
public struct StoredPrediction: Codable, Sendable, Equatable {
    public var id: Int64?
    public var requestID: String
    /// Which text of the request, from 0.
    public var item: Int
    public var modelVersion: Int
    public var text: String
    public var pair: String?
    public var label: String
    public var confidence: Double
    /// In the order of the version's labels.
    public var probabilities: [Double]
    public var tokens: Int
    public var unknownTokens: Int
    public var createdAt: Date

    public init(
        id: Int64? = nil, requestID: String, item: Int, modelVersion: Int, text: String, pair: String? = nil,
        label: String, confidence: Double, probabilities: [Double], tokens: Int, unknownTokens: Int,
        createdAt: Date
    ) {
        self.id = id
        self.requestID = requestID
        self.item = item
        self.modelVersion = modelVersion
        self.text = text
        self.pair = pair
        self.label = label
        self.confidence = confidence
        self.probabilities = probabilities
        self.tokens = tokens
        self.unknownTokens = unknownTokens
        self.createdAt = createdAt
    }
}
