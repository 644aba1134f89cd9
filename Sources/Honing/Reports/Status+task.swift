import Corpus
import Drift
import Transformers

extension Status.Model {
    private var taskKind: TaskKind { task.flatMap(TaskKind.init) ?? .textClassification }

    /// Whether answers are classes, right or wrong.
    var hasClasses: Bool { taskKind.hasClasses }

    /// What rows are measured by.
    var rowScore: String { taskKind.rowScore }

    /// "right on 81.2 %", or "mean F1 of a text 81.2 %".
    func right(on share: Double) -> String {
        hasClasses ? "right on \(percent(share))" : "\(rowScore) \(percent(share))"
    }
}
