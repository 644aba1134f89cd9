public import Corpus
import Drift
import Training
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

    /// How good the model is on rows of its task.
    public func evaluate(_ examples: [Example]) throws -> FolderEvaluation {
        if let evaluation = try served.evaluation(on: examples) { return .task(evaluation) }
        guard case .label(let classifier) = served else { preconditionFailure("\(task) has no evaluation") }
        return .classes(try Evaluation(classifier, examples))
    }
}

/// What `hone evaluate` shows of one class a text, or of another task.
public enum FolderEvaluation: Encodable, Sendable, Equatable {
    case classes(Evaluation)
    case task(TaskEvaluation)

    /// The figures for a terminal.
    public var text: String {
        switch self {
        case .classes(let evaluation): evaluation.text
        case .task(let evaluation): evaluation.text
        }
    }

    public func encode(to encoder: any Swift.Encoder) throws {
        switch self {
        case .classes(let evaluation): try evaluation.encode(to: encoder)
        case .task(let evaluation): try evaluation.encode(to: encoder)
        }
    }
}

extension Evaluation {
    fileprivate init(_ classifier: TextClassifier, _ examples: [Example]) throws {
        let scored = try Training.evaluate(classifier, on: examples)
        let names = classifier.labels.names
        var confusion = ConfusionMatrix(classCount: names.count)
        for row in scored {
            confusion.add(truth: row.label, prediction: classifier.labels.index(of: row.prediction.label)!)
        }
        let correct = scored.count { $0.isCorrect }
        self.init(
            count: scored.count, accuracy: Double(correct) / Double(max(1, scored.count)),
            interval: wilson(correct, of: scored.count, confidence: 0.95),
            macroF1: confusion.macroF1 ?? 0,
            logLoss: scored.reduce(0) { $0 + $1.lossInNats } / Double(max(1, scored.count)),
            calibrationError: expectedCalibrationError(
                confidences: scored.map { Double($0.prediction.confidence) },
                isCorrect: scored.map(\.isCorrect)) ?? 0,
            labels: names, confusion: confusion.counts)
    }
}

/// What `hone evaluate` shows.
public struct Evaluation: Codable, Sendable, Equatable {
    public var count: Int
    public var accuracy: Double
    /// Wilson's 95 % interval: the rows are fixed and looked at once.
    public var interval: ClosedRange<Double>
    public var macroF1: Double
    /// In nats.
    public var logLoss: Double
    /// Expected calibration error over 15 bins.
    public var calibrationError: Double
    public var labels: [String]
    /// Rows: the truth. Columns: the prediction.
    public var confusion: [[Int]]

    /// The figures for a terminal.
    public var text: String {
        func points(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
        let width = max(10, labels.map(\.count).max() ?? 0)
        let head = "".rightPadded(to: width) + labels.map { $0.prefix(10).leftPadded(to: 12) }.joined()
        let body = zip(labels, confusion).map { label, row in
            label.rightPadded(to: width) + row.map { String($0).leftPadded(to: 12) }.joined()
        }
        return """
            rows          \(count)
            accuracy      \(points(accuracy))  (95 %: \(points(interval.lowerBound)) to \(points(interval.upperBound)))
            macro-F1      \((macroF1 * 1_000).rounded() / 1_000)
            log-loss      \((logLoss * 1_000).rounded() / 1_000) nats
            calibration   \(points(calibrationError)) expected error

            truth by row, prediction by column
            \(([head] + body).joined(separator: "\n"))
            """
    }
}
