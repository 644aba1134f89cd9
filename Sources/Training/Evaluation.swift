public import Corpus
import Tokenizers
public import Transformers

/// What a model said to a labelled row.
public struct ScoredExample: Sendable, Equatable {
    public var prediction: Prediction
    /// The index of the true label.
    public var label: Int
    public var isCorrect: Bool
    /// −log of the probability that the true label was given.
    public var lossInNats: Double
}

extension ScoredExample {
    package init(_ prediction: Prediction, label: Int, of labels: LabelSet) {
        self.init(
            prediction: prediction, label: label, isCorrect: prediction.label == labels.names[label],
            lossInNats: -logarithm(max(Double(prediction.probabilities[label]), 1e-12)))
    }
}

/// Lets a model predict labelled rows, in batches of similar length.
///
/// - Throws: `TrainingError.unknownLabel` for a row whose label the model does not have.
public func evaluate(_ model: TextClassifier, on examples: [Example]) throws -> [ScoredExample] {
    let labels = try examples.map { try index(of: $0, in: model.labels) }
    return evaluate(model, examples.map { model.ask($0.text, pair: $0.pair) }, labels: labels)
}

/// The same for rows that are tokenized already.
func evaluate(_ model: TextClassifier, _ texts: [AskedText<Prediction>], labels: [Int]) -> [ScoredExample] {
    var result = [ScoredExample?](repeating: nil, count: texts.count)
    let sizes = texts.map { $0.encodings.reduce(0) { $0 + $1.ids.count } }
    let order = texts.indices.sorted { sizes[$0] < sizes[$1] }
    for start in stride(from: 0, to: order.count, by: 256) {
        let rows = order[start..<min(start + 256, order.count)]
        for (row, prediction) in zip(rows, model.predict(texts: rows.map { texts[$0] })) {
            result[row] = ScoredExample(prediction, label: labels[row], of: model.labels)
        }
    }
    return result.map { $0! }
}

/// The index of a row's label.
package func index(of example: Example, in labels: LabelSet) throws(TrainingError) -> Int {
    guard let label = example.label, let index = labels.index(of: label) else {
        throw .unknownLabel(example.label ?? "", known: labels.names)
    }
    return index
}
