public import Corpus
import Tensors
import Tokenizers

/// A model of any task that serves: what makes rows of texts and answers of logits, and a compiled network.
/// Immutable. What the model says is what its training form says, within the precision.
public struct CompiledTask<Work: ModelTask, TaskHead: Head>: Sendable
where Work.Model == EncoderModel<TaskHead> {
    public let task: Work
    public let encoder: TextEncoder
    private let head: TaskHead

    /// Compiles the model of a checkpoint.
    ///
    /// - Parameter kept: its encoder, where that was compiled before.
    /// - Throws: `CheckpointError`, also where the checkpoint has no head.
    init(
        _ task: Work, of checkpoint: Checkpoint, _ precision: Precision, kept: CompiledEncoder?
    ) throws(CheckpointError) {
        self.task = task
        (encoder, head) = try checkpoint.compiled(kept, precision)
    }

    /// Makes an example ready to be asked about.
    ///
    /// - Throws: `TaskError` where the example says something of another task.
    func ask(_ example: Example) throws(TaskError) -> AskedText<Work.Answer> {
        let rows = try task.rows(of: example)
        return AskedText(rows.map(\.encoding)) { [task] in task.answer(example, rows, logits: $0) }
    }

    /// Makes an example ready to be asked about and judged.
    ///
    /// - Throws: `TaskError` where the example is none of the task.
    func judge(_ example: Example) throws(TaskError) -> AskedText<ScoredAnswer<Work.Answer>> {
        let rows: [TaskRow<Work.Truth>]
        do { rows = try task.rows(of: example) } catch {
            guard case .unknownLabel = error else { throw error }
            // What the model cannot say it has not said, and it costs what the smallest probability would.
            let question = ServedTask.question(example.text, pair: example.pair, of: task.kind)
            return try ask(question).map { [task] answer in
                ScoredAnswer(
                    answer: answer, boundedLoss: task.boundedLoss(answer, example),
                    lossInNats: -logarithm(1e-12))
            }
        }
        return AskedText(rows.map(\.encoding)) { [task] logits in
            let answer = task.answer(example, rows, logits: logits)
            return ScoredAnswer(
                answer: answer, boundedLoss: task.boundedLoss(answer, example),
                lossInNats: task.loss(of: rows, logits: logits))
        }
    }

    func logits(of batch: [Encoding]) -> [Matrix] {
        encoder.logits(of: batch, by: head, isOfWholeText: task.kind.readsWholeText)
    }

    /// What the model says to each example. An answer is the same, bit for bit, whatever is asked with it.
    ///
    /// - Throws: `TaskError` where an example says something of another task.
    public func answers(to examples: [Example]) throws(TaskError) -> [Work.Answer] {
        var asked: [AskedText<Work.Answer>] = []
        for example in examples { asked.append(try ask(example)) }
        return asked.answers(logits(of: asked.flatMap(\.encodings)))
    }
}
