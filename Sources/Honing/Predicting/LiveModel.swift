import Corpus
import Tensors
import Training
public import Transformers

/// A model version that is loaded and ready to answer.
public struct LiveModel: Sendable {
    /// The number of the version in the registry.
    public let version: Int
    /// SHA-256 of its weights.
    public let checksum: String
    public let classifier: TextClassifier
    /// Why it does not serve in the precision that was wished, if so.
    public let precisionNote: String?

    public init(
        version: Int, checksum: String, classifier: TextClassifier, precisionNote: String? = nil
    ) {
        self.version = version
        self.checksum = checksum
        self.classifier = classifier
        self.precisionNote = precisionNote
    }

    /// Loads a folder and warms it: the first batch touches every page of the weights.
    ///
    /// - Parameter holdOut: labelled rows that decide whether bytes may serve.
    init(
        version: Int, checksum: String, folder: String, _ wish: ServingPrecision, holdOut: [Example]
    ) throws {
        defer { releaseUnusedMemory() }
        let checkpoint = try Checkpoint(folder)
        let model = try checkpoint.classificationModel()
        func compiled(_ precision: Precision) -> TextClassifier {
            TextClassifier(
                model, tokenizer: checkpoint.tokenizer, maximumLength: checkpoint.maximumLength,
                precision: precision)
        }
        var classifier = compiled(wish.wished)
        var note: String?
        if wish == .int8 {
            note = try ByteTrial(of: classifier, beside: compiled(.f32), on: holdOut).refusal
            if note != nil { classifier = compiled(.preferred) }
        }
        _ = classifier.predict([classifier.encode("warm", pair: nil)])
        self.init(version: version, checksum: checksum, classifier: classifier, precisionNote: note)
    }

    /// The classes, in the order of the model's outputs.
    public var labelNames: [String] { classifier.labels.names }

    /// Texts are cut to so many tokens.
    public var maximumLength: Int { classifier.maximumLength }

    /// The precision that its products are computed in: `f32`, `bf16` or `int8`.
    public var precision: String { classifier.precision.rawValue }
}

extension ByteTrial {
    fileprivate init(
        of bytes: TextClassifier, beside full: TextClassifier, on examples: [Example]
    ) throws {
        // Rows of labels that this model does not know say nothing about its precision.
        let known = examples.filter { $0.label.flatMap(full.labels.index(of:)) != nil }
        let (a, b) = (try evaluate(full, on: known), try evaluate(bytes, on: known))
        self.init(
            rows: known.count, agreeing: zip(a, b).count { $0.prediction.label == $1.prediction.label },
            correctInFull: a.count { $0.isCorrect }, correctInBytes: b.count { $0.isCorrect })
    }
}
