import Corpus
import Tensors
import Tokenizers
import Transformers

/// The rows of any `ModelTask`.
struct TaskRows<Work: ModelTask>: TrainingRows {
    let task: Work
    /// All rows of all examples.
    var training: [TaskRow<Work.Truth>]
    let development: [Example]
    /// The rows of each of them.
    var developmentRows: [[TaskRow<Work.Truth>]]

    var lengths: [Int] { training.map(\.encoding.ids.count) }
    var hasDevelopment: Bool { !development.isEmpty }

    func step(
        _ model: Work.Model, _ batch: [Int], number: Int, _ arguments: TrainingArguments,
        into gradient: inout Work.Model
    ) -> Double {
        let rows = batch.map { training[$0] }
        let pass = Pass(TokenBatch(rows.map(\.encoding)), model.configuration, arguments, number: number)
        let (logits, cache) = model.forward(pass)
        let (loss, dlogits) = task.loss(
            logits, pass.batch, rows.map(\.truth), smoothing: arguments.labelSmoothing)
        model.backward(dlogits, cache, pass, into: &gradient)
        return loss
    }

    func evaluate(
        _ model: Work.Model, _ arguments: TrainingArguments
    ) -> (headline: Double, loss: Double) {
        let answers = task.answers(
            model, development, developmentRows, precision: arguments.precision.resolved)
        return (
            task.headline(answers.map(\.answer), development),
            answers.reduce(0) { $0 + $1.lossInNats } / Double(max(1, answers.count))
        )
    }

    /// Labels of several tokens or none are not calibrated.
    func temperature(of model: Work.Model, _ arguments: TrainingArguments) -> Double { 1 }
}
