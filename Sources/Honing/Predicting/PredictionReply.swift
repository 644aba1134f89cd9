public import Transformers

/// A text to be predicted, alone or with a second one.
public struct TextInput: Sendable, Equatable {
    public var text: String
    public var pair: String?

    public init(text: String, pair: String? = nil) {
        self.text = text
        self.pair = pair
    }
}

/// How long a text was for the model.
public struct TextSize: Sendable, Equatable {
    /// Tokens after truncation, special tokens included.
    public var tokens: Int
    /// How many of them the vocabulary does not know.
    public var unknownTokens: Int
}

/// The answer to one request: a prediction for each of its texts, in their order.
public struct PredictionReply: Sendable {
    public let modelVersion: Int
    /// The names of the classes, in the order of each prediction's probabilities.
    public let labels: [String]
    public let predictions: [Prediction]
    public let sizes: [TextSize]
    public let timing: Timing

    /// Where the time went.
    public struct Timing: Sendable, Equatable {
        public let tokenize: Duration
        public let queue: Duration
        public let infer: Duration
    }

    public var tokens: Int { sizes.reduce(0) { $0 + $1.tokens } }
}
