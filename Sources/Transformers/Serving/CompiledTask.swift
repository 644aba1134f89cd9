public import Corpus
public import Tensors
import Tokenizers

/// A model of any task that serves: what makes rows of texts and answers of logits, and a compiled network.
/// Immutable. What the model says is what its training form says, within the precision.
public struct CompiledTask<Work: ModelTask, TaskHead: Head>: Sendable
where Work.Model == EncoderModel<TaskHead> {
    public let task: Work
    public let parameterCount: Int
    private let encoder: CompiledEncoder
    private let head: TaskHead

    /// Compiles the model of a checkpoint.
    ///
    /// - Throws: `CheckpointError`, also where the checkpoint has no head.
    init(_ task: Work, of checkpoint: Checkpoint, _ precision: Precision) throws(CheckpointError) {
        self.init(task, try checkpoint.model(), precision)
    }

    /// Compiles a model that is in memory.
    public init(_ task: Work, _ model: Work.Model, _ precision: Precision) {
        self.task = task
        parameterCount = Int(model.configuration.parameterCount)
        encoder = CompiledEncoder(model.encoder, heads: model.configuration.attentionHeads, precision)
        head = model.head
    }

    public var precision: Precision { encoder.precision }

    /// What the model says to each example. An answer is the same, bit for bit, whatever is asked with it.
    ///
    /// - Throws: `TaskError` where an example says something of another task.
    public func answers(to examples: [Example]) throws(TaskError) -> [Work.Answer] {
        var rows: [[TaskRow<Work.Truth>]] = []
        for example in examples { rows.append(try task.rows(of: example)) }
        let readsWholeText = task.kind.readsWholeText
        var logits = encoder.inPieces(rows.flatMap { $0.map(\.encoding) }) { piece, hidden in
            let (logits, _) = head.forward(hidden, Pass(piece))
            return (0..<piece.offsets.count - 1).map {
                logits.rows(readsWholeText ? $0..<$0 + 1 : piece.offsets[$0]..<piece.offsets[$0 + 1])
            }
        }[...]
        return zip(examples, rows).map { example, rows in
            defer { logits = logits.dropFirst(rows.count) }
            return task.answer(example, rows, logits: Array(logits.prefix(rows.count)))
        }
    }
}
