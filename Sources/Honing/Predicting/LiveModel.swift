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
    /// - Parameters:
    ///   - checksum: SHA-256 of its weights.
    ///   - holdOut: labelled rows that decide whether bytes may serve.
    ///   - cache: where compiled encoders are kept.
    init(
        version: Int, checksum: String, folder: String, _ wish: ServingPrecision, holdOut: [Example],
        cache: ServingCache
    ) throws {
        defer { releaseUnusedMemory() }
        let checkpoint = try Checkpoint(folder)
        let weights = ContentHash(hex: checksum)
        // Bytes are kept only once they have passed their trial.
        let kept = try weights.flatMap {
            try TextClassifier(checkpoint, weights: $0, from: cache, precision: wish.wished)
        }
        let (classifier, note) = try kept.map { ($0, nil) } ?? Self.compiled(checkpoint, wish, holdOut)
        if kept == nil, let weights {
            // A full disk is no reason not to serve.
            try? classifier.keep(in: cache, weights: weights)
        }
        _ = classifier.predict([classifier.encode("warm", pair: nil)])
        self.init(version: version, checksum: checksum, classifier: classifier, precisionNote: note)
    }

    /// A checkpoint compiled in the precision that is wished or, where that may not serve, in another one.
    private static func compiled(
        _ checkpoint: Checkpoint, _ wish: ServingPrecision, _ holdOut: [Example]
    ) throws -> (TextClassifier, note: String?) {
        let model = try checkpoint.classificationModel()
        func compiled(_ precision: Precision) -> TextClassifier {
            TextClassifier(
                model, tokenizer: checkpoint.tokenizer, maximumLength: checkpoint.maximumLength,
                precision: precision)
        }
        let classifier = compiled(wish.wished)
        guard wish == .int8,
            let refusal = try ByteTrial(of: classifier, beside: compiled(.f32), on: holdOut).refusal
        else { return (classifier, nil) }
        return (compiled(.preferred), refusal)
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
