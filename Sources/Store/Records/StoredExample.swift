public import Corpus
public import FoundationEssentials

/// A labelled row: the table `example`. Its text, pair and target never change.
public struct StoredExample: Codable, Sendable, Equatable {
    /// Counts rows in the order in which they arrived.
    public var id: Int64
    /// SHA-256 of text, pair and target, in hexadecimal digits: the same row is stored once.
    public var contentHash: String
    public var text: String
    public var pair: String?
    /// What rows are grouped by: `Target.group`.
    public var label: String
    /// What is true of the text.
    public var target: Target
    /// When the row was observed, by its own account.
    public var observedAt: Date?
    public var receivedAt: Date
    /// The source that it was fetched from, or how feedback chose it.
    public var source: String
    public var split: Split
    /// The request that the label answers, where it was feedback on one.
    public var requestID: String?
    /// How many rows it counts for.
    public var weight: Double
    public var scoring: Scoring
    /// What else its source said of it, such as a country or a product; `nil` for nothing.
    public var metadata: [String: String]?

    /// Whether the live model has said its word on the row.
    public enum Scoring: String, Codable, Sendable {
        /// Not yet.
        case waiting
        /// Yes, and nothing was trained on it before.
        case scored
        /// It never will: the row came with a model that may have learned from it.
        case exempt
    }

    public init(
        id: Int64, contentHash: String, text: String, pair: String? = nil, target: Target,
        observedAt: Date? = nil, receivedAt: Date, source: String, split: Split, requestID: String? = nil,
        weight: Double = 1, scoring: Scoring = .waiting, metadata: [String: String]? = nil
    ) {
        self.id = id
        self.contentHash = contentHash
        self.text = text
        self.pair = pair
        label = target.group
        self.target = target
        self.observedAt = observedAt
        self.receivedAt = receivedAt
        self.source = source
        self.split = split
        self.requestID = requestID
        self.weight = weight
        self.scoring = scoring
        self.metadata = metadata
    }

    /// The row as readers read it.
    public var example: Example {
        Example(text: text, pair: pair, target: target, observedAt: observedAt)
    }
}
