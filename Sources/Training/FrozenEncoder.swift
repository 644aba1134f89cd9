import Corpus
import Tensors
import Tokenizers
import Transformers

/// An encoder of which nothing learns: each text goes through it once, without dropout, and the head
/// learns from what came out.
struct FrozenEncoder {
    private let classifier: TextClassifier
    private let cache: FeatureCache?
    /// Of all that a text's vector depends on beside the text.
    private let key: ContentHash
    private let dimension: Int

    init(
        _ model: TextClassificationModel, _ checkpoint: Checkpoint, _ arguments: TrainingArguments,
        _ reading: TextReading, _ cache: FeatureCache?
    ) throws {
        let precision = arguments.precision.resolved
        classifier = TextClassifier(
            model, tokenizer: reading.tokenizer, maximumLength: reading.maximumLength, precision: precision)
        dimension = model.configuration.hiddenSize
        self.cache = cache
        let weights = try checkpoint.weightFiles.map { try ContentHash.ofFile($0).hex }.joined()
        var key = "\(weights) \(model.head.pooling) \(reading.maximumLength) \(precision) \(kernelName)"
        if let windows = reading.windows { key += " \(windows.stride)" }
        self.key = ContentHash(ofBytes: Array(key.utf8))
    }

    /// - Parameter side: the same rows, as the model reads them.
    /// - Returns: [encodings, d].
    func features(of rows: [Example], _ side: ClassificationRows.Side) throws -> Matrix {
        let encodings = side.encodings
        func compute(_ places: [Int]) -> Matrix {
            // Of like length together: pieces of work are then of like size.
            let order = places.indices.sorted {
                encodings[places[$0]].ids.count < encodings[places[$1]].ids.count
            }
            var result = Matrix(uninitializedRows: places.count, columns: dimension)
            for start in stride(from: 0, to: order.count, by: 256) {
                let some = order[start..<min(start + 256, order.count)]
                let found = classifier.features(of: some.map { encodings[places[$0]] })
                for (row, place) in some.enumerated() {
                    for column in 0..<dimension { result[place, column] = found[row, column] }
                }
            }
            return result
        }
        guard let cache else { return compute(Array(encodings.indices)) }
        let windows = zip(rows, side.texts).flatMap { row, range in
            let text = ContentHash(of: Example(text: row.text, pair: row.pair))
            return range.map { place in
                place == range.lowerBound
                    ? text : ContentHash(ofBytes: Array("\(text.hex) \(place - range.lowerBound)".utf8))
            }
        }
        return try cache.features(of: windows, key: key, dimension: dimension, compute: compute)
    }
}
