import Corpus
import Foundation
public import Store

/// What is written down with a version, beside its weights: the `metrics` column of `modelVersion`.
public struct VersionNotes: Codable, Sendable, Equatable {
    /// What its later life is measured against.
    public var reference: Reference
    /// Accuracy on the rows that judged it, and on the first hold-out: 1 − the mean loss.
    public var accuracy: Double?
    public var anchorAccuracy: Double?
    /// The figure that models of its task are known by, on the same rows, where it is another.
    public var headline: Double?
    public var anchorHeadline: Double?
    /// How many rows it was trained on, and how many of them were replayed.
    public var trainingRows: Int?
    public var replayedRows: Int?
    /// The remedy that made it: `head`, `full` …
    public var level: String?
    /// What that cost: processor time of the trainer, and time from beginning to verdict, in seconds.
    public var cpuSeconds: Double?
    public var seconds: Double?

    public init(
        reference: Reference, accuracy: Double? = nil, anchorAccuracy: Double? = nil,
        headline: Double? = nil, anchorHeadline: Double? = nil, trainingRows: Int? = nil,
        replayedRows: Int? = nil, level: String? = nil, cpuSeconds: Double? = nil, seconds: Double? = nil
    ) {
        self.reference = reference
        self.accuracy = accuracy
        self.anchorAccuracy = anchorAccuracy
        self.headline = headline
        self.anchorHeadline = anchorHeadline
        self.trainingRows = trainingRows
        self.replayedRows = replayedRows
        self.level = level
        self.cpuSeconds = cpuSeconds
        self.seconds = seconds
    }

    public init(_ version: ModelVersion) throws {
        self = try JSONDecoder().decode(VersionNotes.self, from: Data(version.metrics.utf8))
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

/// Where a version came from.
struct VersionOrigin: Sendable {
    var parent: Int?
    var runID: Int64?
    var isTrained: Bool
    var task: TaskKind
    var labels: [String]
    /// The training arguments as JSON; `{}` for an imported model.
    var arguments: String
    var note: String
}
