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
        let figures: FolderEvaluation.Figures
        if let evaluation = try served.evaluation(on: examples) {
            figures = .task(evaluation)
        } else {
            guard case .label(let classifier) = served else {
                preconditionFailure("\(task) has no evaluation")
            }
            figures = .classes(try Evaluation(classifier, examples))
        }
        let judged = try judge(examples)
        return FolderEvaluation(
            figures: figures, slices: worstSlices(of: judged),
            reliability: task.hasClasses
                ? ReliabilityBin.bins(
                    confidences: judged.map(\.confidence), isCorrect: judged.map { $0.loss == 0 })
                : [])
    }

    private func judge(_ examples: [Example]) throws -> [JudgedExample] {
        var judged: [JudgedExample] = []
        // In pieces, so that no more than a few tokenized texts are held at a time.
        for start in stride(from: 0, to: examples.count, by: 256) {
            let rows = examples[start..<min(start + 256, examples.count)]
            let asked = try rows.map { try served.judge($0) }
            let said = asked.answers(served.logits(of: asked.flatMap(\.encodings)))
            for (row, (asked, said)) in zip(rows, zip(asked, said)) {
                judged.append(
                    JudgedExample(
                        example: row, tokens: TextSize(asked.encodings).tokens, loss: said.boundedLoss,
                        confidence: said.answer.confidence))
            }
        }
        return judged
    }
}
