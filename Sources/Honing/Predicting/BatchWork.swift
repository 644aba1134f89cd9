import Tensors
import Tokenizers
public import Transformers

/// What a batch asks of its model.
public enum BatchWork: Sendable, Equatable {
    case predict
    case embed(Pooling)

    /// What one text is given.
    public enum Result: Sendable {
        case prediction(Prediction)
        case vector([Float])

        var prediction: Prediction? { if case .prediction(let value) = self { value } else { nil } }
        var vector: [Float]? { if case .vector(let value) = self { value } else { nil } }
    }

    func results(of encodings: [Encoding], by classifier: TextClassifier) -> [Result] {
        switch self {
        case .predict:
            return classifier.predict(encodings).map(Result.prediction)
        case .embed(let pooling):
            let vectors = classifier.embed(encodings, pooling: pooling)
            return encodings.indices.map { .vector(vectors[row: $0]) }
        }
    }
}
