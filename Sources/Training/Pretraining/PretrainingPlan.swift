import Foundation

/// All that a pre-training is made of; written beside its state, so that it goes on as it began.
public struct PretrainingPlan: Codable, Sendable, Equatable {
    /// The files of text.
    public var texts: [String]
    /// The model folder to start from.
    public var base: String
    public var arguments: TrainingArguments
    /// The share of tokens that are asked for, where the model fills masks.
    public var maskedShare = 0.15
    /// Whether all tokens of a word are masked, or none.
    public var wholeWords = false
    /// The share of the text that the model is measured by.
    public var heldOutShare = 0.02
    /// How many steps; `nil` for as many as `minutes` hold.
    public var steps: Int?
    public var minutes = 10.0

    /// - Parameter arguments: `batchSize` counts sequences, `maximumLength` is theirs in tokens.
    public init(texts: [String], base: String, arguments: TrainingArguments = .pretraining) {
        self.texts = texts
        self.base = base
        self.arguments = arguments
    }

    /// - Throws: `TrainingError.badArgument`.
    func validate() throws(TrainingError) {
        try arguments.validate()
        func check(_ name: String, _ isValid: Bool, _ range: String) throws(TrainingError) {
            guard isValid else { throw .badArgument(name, range: range) }
        }
        try check("masked_share", maskedShare > 0 && maskedShare < 1, "between 0 and 1")
        try check("held_out", heldOutShare > 0 && heldOutShare <= 0.5, "above 0, up to 0.5")
        try check("steps", steps.map { $0 >= 1 } ?? true, "at least 1")
        try check("minutes", minutes > 0 && minutes <= 525_600, "above 0, up to a year's 525600")
    }

    // MARK: Beside the state

    private static func file(_ state: String) -> URL { URL(filePath: state + "/plan.json") }

    public static func isKept(in state: String) -> Bool {
        FileManager.default.fileExists(atPath: file(state).path)
    }

    /// The plan of a run that was not finished.
    public static func read(from state: String) throws -> PretrainingPlan {
        try JSONDecoder().decode(PretrainingPlan.self, from: Data(contentsOf: file(state)))
    }

    func write(to state: String) throws {
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        try encoded().write(to: Self.file(state), options: .atomic)
    }

    func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

extension TrainingArguments {
    /// Begins where learning a language does: no dropout, for hardly a sequence is seen twice, a short memory
    /// of the second moment, and a rate that falls to nothing with the time.
    ///
    /// Source: Geiping and Goldstein, *Cramming*, [arXiv:2212.14034](https://arxiv.org/abs/2212.14034), section 4.
    public static var pretraining: TrainingArguments {
        var arguments = TrainingArguments()
        arguments.learningRate = 1e-3
        arguments.batchSize = 32
        arguments.adamBeta2 = 0.98
        arguments.dropout = 0
        // The number of steps says when it ends.
        arguments.earlyStoppingPatience = .max
        return arguments
    }
}

/// What a pre-training gave.
public struct PretrainingResult: Codable, Sendable, Equatable {
    public var steps: Int
    /// Passes over the text.
    public var passes: Double
    /// Tokens learned from.
    public var tokens: Int
    /// Tokens of held-out text that are asked for.
    public var heldOutTokens: Int
    /// The step whose weights were kept.
    public var bestStep: Int
    /// On held-out text, in nats a token.
    public var heldOutLoss: Double
    public var perplexity: Double
    public var curve: LearningCurve
    /// SHA-256 of `model.safetensors`.
    public var weightsSHA256: String
}
