public import FoundationEssentials

/// A model in the registry: the table `modelVersion`. Neither the row nor its files ever change.
public struct ModelVersion: Codable, Sendable, Equatable {
    /// Counts from 1; 0 until the registry has given it one.
    public var version: Int
    /// The version that its training started from.
    public var parent: Int?
    public var runID: Int64?
    public var createdAt: Date
    public var origin: Origin
    /// SHA-256 of the weights, in hexadecimal digits.
    public var checksum: String
    /// Their order is the order of the model's classes.
    public var labels: [String]
    /// What the model does, in Hugging Face's words: `text-classification`.
    public var task: String
    /// A JSON object of what it was worth when it was judged.
    public var metrics: String
    /// A JSON object of how it was trained.
    public var arguments: String
    public var note: String

    public enum Origin: String, Codable, Sendable {
        /// Taken over from a folder.
        case imported
        /// Made by a training run.
        case trained
    }

    /// A version that waits for its number.
    public init(
        parent: Int? = nil, runID: Int64? = nil, createdAt: Date, origin: Origin, checksum: String,
        labels: [String], task: String, metrics: String = "{}", arguments: String = "{}", note: String = ""
    ) {
        version = 0
        self.parent = parent
        self.runID = runID
        self.createdAt = createdAt
        self.origin = origin
        self.checksum = checksum
        self.labels = labels
        self.task = task
        self.metrics = metrics
        self.arguments = arguments
        self.note = note
    }
}
