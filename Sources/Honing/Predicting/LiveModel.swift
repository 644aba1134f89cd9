import Corpus
public import Transformers

/// A model version that is loaded and ready to answer.
public struct LiveModel: Sendable {
    /// The number of the version in the registry.
    public let version: Int
    /// SHA-256 of its weights.
    public let checksum: String
    public let classifier: TextClassifier

    public init(version: Int, checksum: String, classifier: TextClassifier) {
        self.version = version
        self.checksum = checksum
        self.classifier = classifier
    }

    /// The classes, in the order of the model's outputs.
    public var labelNames: [String] { classifier.labels.names }

    /// Texts are cut to so many tokens.
    public var maximumLength: Int { classifier.maximumLength }
}
