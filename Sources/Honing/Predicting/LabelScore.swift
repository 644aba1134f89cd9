import Glibc
import Transformers

/// One label and how much the model believes it: the shape that both TEI and Hugging Face speak.
public struct LabelScore: Codable, Sendable, Equatable {
    public let label: String
    public let score: Float
}

/// What is done to the logits before they are shown.
public enum ScoreFunction: String, Codable, Sendable {
    case softmax, sigmoid, none
}

extension PredictionReply {
    /// All labels of one text with their scores, best first; equal scores keep the order of the labels.
    ///
    /// - Parameter top: how many at most.
    public func scores(of item: Int, function: ScoreFunction = .softmax, top: Int? = nil) -> [LabelScore] {
        let prediction = predictions[item]
        let values: [Float] =
            switch function {
            case .softmax: prediction.probabilities
            case .sigmoid: prediction.logits.map { 1 / (1 + expf(-$0)) }
            case .none: prediction.logits
            }
        let ranked = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
        return ranked.prefix(top ?? .max).map { LabelScore(label: labels[$0], score: values[$0]) }
    }

    /// How many texts were answered.
    public var count: Int { predictions.count }
}
