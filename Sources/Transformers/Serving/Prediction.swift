public import Corpus

/// What a model says about one text.
public struct Prediction: Sendable, Codable, Equatable {
    /// The most probable label.
    public let label: String
    /// Its probability.
    public let confidence: Float
    /// For each label, in the order of the label set; they add up to one.
    public let probabilities: [Float]
    /// Before temperature and softmax.
    public let logits: [Float]

    /// Softmax of the logits over a temperature.
    public init(logits: [Float], labels: LabelSet, temperature: Float) {
        let scaled = logits.map { Double($0 / temperature) }
        // The true maximum: subtracting anything else overflows for logits such as [-100, 1].
        let top = scaled.max() ?? 0
        let weights = scaled.map { exponential($0 - top) }
        let total = weights.reduce(0, +)
        let probabilities = weights.map { Float($0 / total) }
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        self.logits = logits
        self.probabilities = probabilities
        label = labels.names[best]
        confidence = probabilities[best]
    }
}
