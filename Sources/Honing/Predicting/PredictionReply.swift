public import Corpus
import Tokenizers
public import Transformers

/// A text to be predicted, alone or with a second one.
public struct TextInput: Sendable, Equatable {
    public var text: String
    public var pair: String?
    /// Whether the client calls the text a question and its pair the context.
    public var isQuestion: Bool

    public init(text: String, pair: String? = nil, isQuestion: Bool = false) {
        self.text = text
        self.pair = pair
        self.isQuestion = isQuestion
    }
}

/// How long a text was for the model.
public struct TextSize: Sendable, Equatable {
    /// Tokens after truncation, special tokens included; of a text in windows, those of all of them.
    public var tokens: Int
    /// How many of them the vocabulary does not know.
    public var unknownTokens: Int

    init(_ encodings: [Encoding]) {
        tokens = encodings.reduce(0) { $0 + $1.ids.count }
        unknownTokens = encodings.reduce(0) { $0 + $1.unknownCount }
    }
}

/// The answer to one request: what the model says of each of its texts, in their order.
public struct PredictionReply: Sendable {
    public let modelVersion: Int
    public let task: TaskKind
    /// The names of the classes, in the order of each answer's probabilities.
    public let labels: [String]
    public let answers: [TaskAnswer]
    public let sizes: [TextSize]
    public let timing: Timing

    /// Where the time went.
    public struct Timing: Sendable, Equatable {
        public let tokenize: Duration
        public let queue: Duration
        public let infer: Duration
    }

    /// How many texts were answered.
    public var count: Int { answers.count }

    public var tokens: Int { sizes.reduce(0) { $0 + $1.tokens } }

    /// What a model of one class a text says; empty for other tasks.
    public var predictions: [Prediction] {
        answers.compactMap { if case .label(let prediction) = $0 { prediction } else { nil } }
    }
}

extension ServedTask {
    /// Makes a client's text ready to be asked about.
    ///
    /// - Throws: `PredictionError.otherInput` where the text is none for the model's task.
    func ask(_ input: TextInput) throws(PredictionError) -> AskedText<TaskAnswer> {
        switch (kind, input.pair) {
        case (.questionAnswering, nil), (.questionAnswering, ""?):
            throw .otherInput(kind, #"{"question": …, "context": …}, or a pair of both"#)
        case (.tokenClassification, _?):
            throw .otherInput(kind, "one text at a time, and no pairs")
        case (let kind, _) where input.isQuestion && kind != .questionAnswering:
            throw .otherInput(kind, "texts, and no questions")
        default: break
        }
        do { return try ask(input.text, pair: input.pair) } catch {
            throw .otherInput(kind, "something else: \(error)")
        }
    }
}
