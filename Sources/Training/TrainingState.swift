package import Transformers

/// Everything that the rest of a training depends on, between two steps.
///
/// All randomness is drawn by counter (Philox: the step's number, the epoch's number), so there is no
/// generator to remember: weights, moments, the step and the place in the rows are the whole of it.
package struct TrainingState<Model: Network> {
    package var model: Model
    package var optimizer: AdamW
    /// The weights of the best evaluation so far.
    package var kept: Model?
    package var cursor = TrainingCursor()

    package init(_ model: consuming Model, _ arguments: TrainingArguments) {
        self.model = model
        optimizer = AdamW(self.model, arguments)
        cursor.stopping = EarlyStopping(patience: arguments.earlyStoppingPatience)
    }
}

/// The part of the state that is not matrices.
package struct TrainingCursor: Codable, Equatable, Sendable {
    /// The epoch that the next step belongs to, from 0 …
    package var epoch = 0
    /// … and its batch therein.
    package var batch = 0
    package var progress = TrainingProgress(
        phase: .training, step: 0, totalSteps: 0, epoch: 0, loss: 0, learningRate: 0, tokens: 0)
    package var stopping = EarlyStopping(patience: 1)
    package var recent = RecentLosses()
    /// Of a run over text that nobody labelled.
    package var text: TextPlace?
}

/// The mean of the newest losses: single steps jump too much to be read.
package struct RecentLosses: Codable, Equatable, Sendable {
    private var values: [Double] = []

    mutating func add(_ loss: Double) {
        values.append(loss)
        if values.count > 20 { values.removeFirst() }
    }

    var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
}
