import Glibc
import Transformers

/// One label and how much the model believes it: the shape that both TEI and Hugging Face speak.
public struct LabelScore: Codable, Sendable, Equatable {
    public let label: String
    public let score: Float

    public init(label: String, score: Float) {
        self.label = label
        self.score = score
    }
}

/// What is done to the logits before they are shown.
public enum ScoreFunction: String, Codable, Sendable {
    case softmax, sigmoid, none
}

extension [LabelScore] {
    /// All labels with their scores, best first; equal scores keep the order of the labels.
    ///
    /// - Parameter top: how many at most.
    static func ranked(_ labels: [String], _ scores: [Float], top: Int? = nil) -> [LabelScore] {
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        return order.prefix(top ?? .max).map { LabelScore(label: labels[$0], score: scores[$0]) }
    }
}

extension Prediction {
    /// In the order of the labels.
    func scores(_ function: ScoreFunction) -> [Float] {
        switch function {
        case .softmax: probabilities
        case .sigmoid: logits.map { 1 / (1 + expf(-$0)) }
        case .none: logits
        }
    }
}
