import Corpus
public import Tensors
import Tokenizers

/// A task whose answer is one row of logits for a whole text, pooled where it is read in windows.
///
/// Training sees each window with the target of its text, as it sees the windows of the other tasks.
public protocol WholeTextTask: ModelTask {
    var reading: TextReading { get }
}

extension WholeTextTask {
    func rows(of example: Example, _ truth: Truth) -> [TaskRow<Truth>] {
        reading.encodings(of: example.text, pair: example.pair).map { TaskRow($0, truth) }
    }

    /// The loss of the pooled logits: of what is answered.
    public func loss(of rows: [TaskRow<Truth>], logits: [Matrix]) -> Double {
        loss(reading.pooled(logits), TokenBatch([rows[0].encoding]), [rows[0].truth], smoothing: 0).loss
    }
}
