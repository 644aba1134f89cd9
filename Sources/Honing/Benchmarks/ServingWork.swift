import Corpus
import Tensors
import Tokenizers
import Transformers

/// Sentences, tokenized and sorted into batches of like length, and the model that predicts them.
public struct ServingWork: Sendable {
    let classifier: TextClassifier
    let encodings: [Encoding]
    let batchSize: Int

    /// - Parameters:
    ///   - folder: a model folder, with or without a head.
    ///   - batchSize: sentences a batch.
    /// - Throws: `CheckpointError`.
    public init(
        folder: String, sentences: [String], precision: ServingPrecision, batchSize: Int = 32
    ) throws {
        let checkpoint = try Checkpoint(folder)
        let known = checkpoint.configuration.labels
        let labels = known.count >= 2 ? known : .init(names: ["a", "b"])
        let classifier = TextClassifier(
            try checkpoint.model(for: labels, seed: 1), tokenizer: checkpoint.tokenizer,
            maximumLength: checkpoint.maximumLength, precision: precision.wished)
        releaseUnusedMemory()
        self.init(
            classifier, sentences.map { classifier.encode($0, pair: nil) }, batchSize: batchSize)
    }

    init(_ classifier: TextClassifier, _ encodings: [Encoding], batchSize: Int) {
        self.classifier = classifier
        self.encodings = encodings.sorted { $0.ids.count > $1.ids.count }
        self.batchSize = batchSize
    }

    var tokens: Int { encodings.reduce(0) { $0 + $1.ids.count } }

    /// Predicts everything once; tokens a second.
    func round() -> Double {
        let time = ContinuousClock().measure {
            for start in stride(from: 0, to: encodings.count, by: batchSize) {
                _ = classifier.predict(Array(encodings[start..<min(start + batchSize, encodings.count)]))
            }
        }
        return Double(tokens) / (time / .seconds(1))
    }

    /// Milliseconds of one sentence at a time, of every second sentence.
    func latencies() -> [Double] {
        stride(from: 0, to: encodings.count, by: 2).map { index in
            ContinuousClock().measure { _ = classifier.predict([encodings[index]]) } / .milliseconds(1)
        }
    }
}
