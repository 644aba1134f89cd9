public import Tensors
import Tokenizers
public import Transformers

/// What a batch asks of its model.
public enum BatchWork: Sendable, Equatable {
    /// What its head says.
    case predict
    case embed(Pooling)

    /// What one encoding is given.
    public enum Result: Sendable {
        case logits(Matrix)
        case vector([Float])

        var logits: Matrix? { if case .logits(let value) = self { value } else { nil } }
        var vector: [Float]? { if case .vector(let value) = self { value } else { nil } }
    }

    func results(of encodings: [Encoding], by model: ServedTask) -> [Result] {
        switch self {
        case .predict:
            return model.logits(of: encodings).map(Result.logits)
        case .embed(let pooling):
            let vectors = model.encoder.embed(encodings, pooling: pooling)
            return encodings.indices.map { .vector(vectors[row: $0]) }
        }
    }
}
