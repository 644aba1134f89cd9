/// How far a training is.
public struct TrainingProgress: Codable, Sendable, Equatable {
    public enum Phase: String, Codable, Sendable {
        /// A trial of a search for the arguments that the training itself is to have.
        case searching
        case training, evaluating, finished
    }

    public var phase: Phase
    public var step: Int
    public var totalSteps: Int
    /// Passes over the rows so far, with fractions.
    public var epoch: Double
    /// The mean loss of the newest steps, in nats.
    public var loss: Double
    public var learningRate: Double
    /// Tokens learned from so far.
    public var tokens: Int
    /// Of the newest evaluation.
    public var developmentAccuracy: Double?
    /// In nats, at the temperature that fits best; the best evaluation is the one of the lowest.
    public var developmentLoss: Double?
}

/// What a training gave.
public struct FineTuningResult: Codable, Sendable, Equatable {
    public var steps: Int
    public var epochs: Double
    /// The step whose weights were kept.
    public var bestStep: Int
    public var developmentAccuracy: Double
    public var developmentLoss: Double
    /// What logits are divided by, so that probabilities mean what they say.
    public var temperature: Double
    public var tokens: Int
    /// SHA-256 of `model.safetensors`.
    public var weightsSHA256: String
}
