public import Corpus
public import Drift
import Training
import Transformers

/// What `hone evaluate` shows: how good a model is, where it is worst, and whether its confidence may be believed.
public struct FolderEvaluation: Encodable, Sendable, Equatable {
    /// The model is known by these.
    public enum Figures: Sendable, Equatable {
        /// Of one class a text.
        case classes(Evaluation)
        /// Of another task.
        case task(TaskEvaluation)
    }

    public var figures: Figures
    /// Parts of the rows beside all others, the worst first.
    public var slices: [SliceFinding]
    /// Rows by the confidence of their answers; empty where answers have none.
    public var reliability: [ReliabilityBin]

    private enum CodingKeys: CodingKey { case slices, reliability }

    /// The figures, and beside them what they are made of.
    public func encode(to encoder: any Swift.Encoder) throws {
        switch figures {
        case .classes(let evaluation): try evaluation.encode(to: encoder)
        case .task(let evaluation): try evaluation.encode(to: encoder)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(slices, forKey: .slices)
        try container.encode(reliability, forKey: .reliability)
    }
}

extension FolderModel {
    /// How good the model is on rows of its task.
    ///
    /// - Throws: `TaskError` for rows of another task, `TrainingError` where there are none.
    public func evaluate(_ examples: [Example]) throws -> FolderEvaluation {
        guard !examples.isEmpty else { throw TrainingError.noRows }
        // Before anything is asked: a row with a label that the model does not know is a mistake of whoever asks.
        let truths = task.hasClasses ? try examples.map { try index(of: $0, in: served.labels) } : []
        let judged = try judge(examples)
        let answers = judged.map(\.said.answer)
        let figures: FolderEvaluation.Figures =
            if let evaluation = try served.evaluation(of: answers, to: examples) {
                .task(evaluation)
            } else {
                .classes(Evaluation(answers.compactMap(\.prediction), truths, of: served.labels))
            }
        return FolderEvaluation(
            figures: figures,
            slices: worstSlices(
                of: judged.map {
                    PartedRow(
                        text: $0.example.text, label: $0.example.label, source: nil, tokens: $0.tokens,
                        metadata: $0.example.metadata, loss: $0.said.boundedLoss)
                }),
            reliability: task.hasClasses
                ? ReliabilityBin.bins(
                    confidences: answers.map(\.confidence), isCorrect: judged.map { $0.said.boundedLoss == 0 }
                )
                : [])
    }

    private typealias Judged = (example: Example, tokens: Int, said: ScoredAnswer<TaskAnswer>)

    private func judge(_ examples: [Example]) throws -> [Judged] {
        var judged: [Judged] = []
        // In pieces, so that no more than a few tokenized texts are held at a time.
        for start in stride(from: 0, to: examples.count, by: 256) {
            let rows = examples[start..<min(start + 256, examples.count)]
            let asked = try rows.map { try served.judge($0) }
            let said = asked.answers(served.logits(of: asked.flatMap(\.encodings)))
            for (row, (asked, said)) in zip(rows, zip(asked, said)) {
                judged.append((row, TextSize(asked.encodings).tokens, said))
            }
        }
        return judged
    }
}
