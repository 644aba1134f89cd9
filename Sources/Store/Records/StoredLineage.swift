import Corpus
import FoundationEssentials

/// What a trained version was made of, and how: a row of the append-only table `lineage`.
public struct StoredLineage: Codable, Sendable, Equatable {
    public var version: Int
    /// What set the training off, in a word, and who asked.
    public var trigger: String
    public var requestedBy: String
    /// The trial that let it through.
    public var gateID: Int64?
    /// SHA-256 of the weights that training started from.
    public var baseChecksum: String
    /// SHA-256 over the content hashes of the rows, in their order.
    public var snapshotHash: String
    public var trainingRows: Int
    public var developmentRows: Int
    /// A JSON object of the program and the machine that trained.
    public var provenance: String
}

/// What a version that is being registered was made of.
public struct LineageDraft: Sendable {
    public var trigger: String
    public var requestedBy: String
    public var gateID: Int64?
    public var baseChecksum: String
    public var provenance: String
    public var snapshot: Snapshot

    public init(
        trigger: String, requestedBy: String, gateID: Int64?, baseChecksum: String, provenance: String,
        snapshot: Snapshot
    ) {
        self.trigger = trigger
        self.requestedBy = requestedBy
        self.gateID = gateID
        self.baseChecksum = baseChecksum
        self.provenance = provenance
        self.snapshot = snapshot
    }
}

/// The rows of a training, in their order.
public struct Snapshot: Sendable, Equatable {
    public var training: [StoredExample]
    public var development: [StoredExample]

    public init(training: [StoredExample], development: [StoredExample]) {
        self.training = training
        self.development = development
    }

    /// SHA-256 over the content hashes, one a line, development rows after an empty line.
    public var hash: String {
        let sides = [training, development].map { side in side.map { $0.contentHash + "\n" }.joined() }
        return ContentHash(ofBytes: Data(sides.joined(separator: "\n").utf8)).hex
    }
}
