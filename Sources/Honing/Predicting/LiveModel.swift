public import Corpus
import Tensors
public import Transformers

/// A model version that is loaded and ready to answer.
public struct LiveModel: Sendable {
    /// The number of the version in the registry.
    public let version: Int
    /// SHA-256 of its weights.
    public let checksum: String
    public let served: ServedTask
    /// Why it does not serve in the precision that was wished, if so.
    public let precisionNote: String?

    public init(version: Int, checksum: String, served: ServedTask, precisionNote: String? = nil) {
        self.version = version
        self.checksum = checksum
        self.served = served
        self.precisionNote = precisionNote
    }

    /// A model that says which class a text is of.
    public init(version: Int, checksum: String, classifier: TextClassifier) {
        self.init(version: version, checksum: checksum, served: .label(classifier))
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
            try ServedTask(checkpoint, weights: $0, from: cache, precision: wish.wished)
        }
        let (served, note) = try kept.map { ($0, nil) } ?? Self.compiled(checkpoint, wish, holdOut)
        if kept == nil, let weights {
            // A full disk is no reason not to serve.
            try? served.encoder.keep(in: cache, weights: weights)
        }
        _ = served.logits(of: [served.encoder.encode("warm", pair: nil)])
        self.init(version: version, checksum: checksum, served: served, precisionNote: note)
    }

    /// A checkpoint compiled in the precision that is wished or, where that may not serve, in another one.
    private static func compiled(
        _ checkpoint: Checkpoint, _ wish: ServingPrecision, _ holdOut: [Example]
    ) throws -> (ServedTask, note: String?) {
        let served = try ServedTask(checkpoint, wish.wished)
        guard wish == .int8,
            let refusal = try ByteTrial(of: served, beside: ServedTask(checkpoint, .f32), on: holdOut).refusal
        else { return (served, nil) }
        return (try ServedTask(checkpoint, .preferred), refusal)
    }

    /// What it was trained for.
    public var task: TaskKind { served.kind }

    /// That in Hugging Face's words.
    public var taskName: String { task.rawValue }

    /// The classes, in the order of the model's outputs.
    public var labelNames: [String] { served.labels.names }

    /// What its answers and rows are counted by: the classes; the task's own word where there are none.
    var groups: [String] { task.hasClasses ? labelNames : [task.rawValue] }

    /// Texts are cut to so many tokens.
    public var maximumLength: Int { served.encoder.maximumLength }

    /// The precision that its products are computed in: `f32`, `bf16` or `int8`.
    public var precision: String { served.encoder.precision.rawValue }
}

extension ByteTrial {
    fileprivate init(of bytes: ServedTask, beside full: ServedTask, on examples: [Example]) throws {
        // Rows of another task or of labels that this model does not know say nothing about its precision.
        let known = examples.filter { $0.target?.task == full.kind && full.objection(to: $0) == nil }
        let (a, b) = (try full.judged(known), try bytes.judged(known))
        func right(_ answers: [ScoredAnswer<TaskAnswer>]) -> Int {
            answers.count - Int(answers.reduce(0) { $0 + $1.boundedLoss }.rounded())
        }
        self.init(
            rows: known.count, agreeing: zip(a, b).count { $0.answer.agrees(with: $1.answer) },
            correctInFull: right(a), correctInBytes: right(b))
    }
}
