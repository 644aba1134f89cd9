public import Corpus
import Transformers

/// A model folder that answers by itself, without a daemon: for `hone predict` and `hone evaluate`.
public struct FolderModel: Sendable {
    let served: ServedTask

    /// - Throws: `CheckpointError` with what is wrong in the folder.
    public init(_ folder: String) throws {
        served = try ServedTask(folder: folder)
    }

    /// What the model is for, as its folder says.
    public var task: TaskKind { served.kind }

    /// What the model says about each text.
    ///
    /// - Parameter question: what is asked of each text, for a model that answers questions.
    /// - Throws: `PredictionError` where such a model is given no question, or another one.
    public func predict(_ texts: [String], question: String? = nil) throws -> [TaskReply] {
        let inputs = texts.map { text in
            question.map { TextInput(text: $0, pair: text, isQuestion: true) } ?? TextInput(text: text)
        }
        let asked = try inputs.map { try served.ask($0) }
        let answers = asked.answers(served.logits(of: asked.flatMap(\.encodings)))
        return zip(answers, inputs).map { TaskReply($0, to: $1, labels: served.labels.names) }
    }
}
