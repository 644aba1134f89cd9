import Tokenizers
import Transformers

/// What the model that training starts from said of replayed rows is held on to, beside their labels: what
/// it knew is forgotten less.
///
///     loss = cross-entropy of all rows + weight · distance of logits on the replayed ones
///
/// Source: DER++ of Buzzega et al., [arXiv:2004.07211](https://arxiv.org/abs/2004.07211), whose memory is here
/// the model itself: what it says is asked of it once, when training begins.
public struct Distillation: Codable, Sendable, Equatable {
    /// α; 0.5 in the paper's code for classes.
    public var weight: Float
    /// So many rows, the last of those that are learned from, are replayed.
    public var rows: Int

    public init(weight: Float, rows: Int) {
        self.weight = weight
        self.rows = rows
    }

    /// The logits that are held on to, one list for each encoding; `nil` for those of rows that are new.
    ///
    /// - Parameter model: before it learns; of the labels that it is to have.
    func targets(
        of model: TextClassificationModel, tokenizer: any Tokenizer, _ side: ClassificationRows.Side,
        _ arguments: TrainingArguments
    ) -> [[Float]?] {
        let encodings = side.encodings
        let new = side.texts.suffix(rows).first?.lowerBound ?? encodings.count
        let classifier = TextClassifier(
            model, tokenizer: tokenizer, maximumLength: arguments.maximumLength,
            precision: arguments.precision.resolved)
        var targets = [[Float]?](repeating: nil, count: new)
        // In pieces, so that memory does not grow with the rows.
        for start in stride(from: new, to: encodings.count, by: 256) {
            let piece = Array(encodings[start..<min(start + 256, encodings.count)])
            targets += classifier.predict(piece).map(\.logits)
        }
        return targets
    }
}
