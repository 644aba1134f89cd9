public import Corpus
public import Tensors
public import Tokenizers

/// One kind of question to a model: how examples become what a network reads, what learning minimizes,
/// and how logits become answers.
///
/// Whatever is special to a task is in its file; who trains, watches and gates sees only this, a loss of
/// each example between 0 and 1, and one headline metric.
public protocol ModelTask: Sendable {
    associatedtype Model: Network
    /// What is true of a row, in the network's terms.
    associatedtype Truth: Sendable
    /// What a model says of an example.
    associatedtype Answer: Sendable, Equatable

    var kind: TaskKind { get }

    /// The model that learns the task, out of a checkpoint that may know it already.
    func model(from checkpoint: Checkpoint, seed: UInt64) throws(CheckpointError) -> Model

    /// What the network reads of an example: a row, or several where it is too long for one.
    ///
    /// - Throws: `TaskError` where the example's target is none of the task.
    func rows(of example: Example) throws(TaskError) -> [TaskRow<Truth>]

    /// - Returns: the mean loss of a batch, and ∂loss/∂logits.
    func loss(
        _ logits: Matrix, _ batch: TokenBatch, _ truths: [Truth], smoothing: Float
    ) -> (loss: Double, gradient: Matrix)

    /// The loss of one example, out of the logits of all its rows.
    func loss(of rows: [TaskRow<Truth>], logits: [Matrix]) -> Double

    /// What the logits of all rows of an example say.
    func answer(_ example: Example, _ rows: [TaskRow<Truth>], logits: [Matrix]) -> Answer

    /// How wrong an answer is: from 0, right, to 1.
    func boundedLoss(_ answer: Answer, _ example: Example) -> Double

    /// The headline metric over examples.
    func headline(_ answers: [Answer], _ examples: [Example]) -> Double

    /// 1 − the mean bounded loss of the best answer that is the same for all examples: what a model must beat.
    func constantScore(over examples: [Example]) -> Double
}

/// What the network reads, and what is true of it.
public struct TaskRow<Truth: Sendable>: Sendable {
    public var encoding: Encoding
    public var truth: Truth

    public init(_ encoding: Encoding, _ truth: Truth) {
        self.encoding = encoding
        self.truth = truth
    }
}

/// What a model said to an example.
public struct ScoredAnswer<Answer: Sendable & Equatable>: Sendable, Equatable {
    public var answer: Answer
    /// From 0, right, to 1.
    public var boundedLoss: Double
    /// What training minimizes, such as −ln of the probability of what is true.
    public var lossInNats: Double

    public init(answer: Answer, boundedLoss: Double, lossInNats: Double) {
        self.answer = answer
        self.boundedLoss = boundedLoss
        self.lossInNats = lossInNats
    }
}

/// The one figure that a model is known by.
public struct Headline: Sendable, Equatable {
    public var name: String
    public var isHigherBetter: Bool
    /// Whether it is a share of 1, and not a number of some unit.
    public var isShare: Bool = true
}

extension TaskKind {
    /// The figure that a model of the task is known by.
    public var headline: Headline {
        switch self {
        case .textClassification: Headline(name: "accuracy", isHigherBetter: true)
        case .multiLabelClassification: Headline(name: "micro F1", isHigherBetter: true)
        case .scoring:
            Headline(name: "mean absolute error", isHigherBetter: false, isShare: false)
        case .tokenClassification: Headline(name: "entity F1", isHigherBetter: true)
        case .questionAnswering: Headline(name: "answer F1", isHigherBetter: true)
        case .textGeneration:
            Headline(name: "perplexity", isHigherBetter: false, isShare: false)
        }
    }

    /// What 1 − the mean bounded loss of rows is called: what watching sees, row by row.
    public var rowScore: String {
        switch self {
        case .textClassification: "accuracy"
        case .multiLabelClassification, .tokenClassification: "mean F1 of a text"
        case .questionAnswering: "answer F1"
        case .scoring: "closeness of scores"
        case .textGeneration: "likelihood"
        }
    }
}

/// Why an example is none of a task. Each sentence says what to do.
public enum TaskError: Error, Equatable, CustomStringConvertible {
    case wrongTarget(TaskKind, needs: String)
    case unknownLabel(String, known: [String])
    case tagCount(tags: Int, words: Int)
    case answerNotInText(String)
    case truncation(TruncationError)

    public var description: String {
        switch self {
        case .wrongTarget(let kind, let needs): "a row for \(kind.rawValue) needs \(needs)"
        case .unknownLabel(let label, let known):
            "a row has the label \"\(label)\", which is not among \(known.joined(separator: ", "))"
        case .tagCount(let tags, let words):
            "a row has \(tags) tags for \(words) words: each word that white space parts needs one"
        case .answerNotInText(let answer):
            "the answer \"\(answer)\" does not stand in its text where the row says: starts count Unicode scalars"
        case .truncation(let error): error.description
        }
    }
}

extension ModelTask {
    public var headline: Headline { kind.headline }

    /// The mean of its rows.
    public func loss(of rows: [TaskRow<Truth>], logits: [Matrix]) -> Double {
        mean(
            zip(rows, logits).map { row, logits in
                loss(logits, TokenBatch([row.encoding]), [row.truth], smoothing: 0).loss
            })
    }

    /// A model's answer to each example, in batches of similar length, without dropout.
    public func answers(
        _ model: Model, _ examples: [Example], _ rows: [[TaskRow<Truth>]], precision: Precision
    ) -> [(answer: Answer, lossInNats: Double)] {
        var result = [(Answer, Double)?](repeating: nil, count: examples.count)
        let sizes = rows.map { $0.reduce(0) { $0 + $1.encoding.ids.count } }
        var batch: [Int] = []
        // Logits of a vocabulary are large: a batch is answered before the next one is asked.
        func answer() {
            let input = TokenBatch(batch.flatMap { rows[$0].map(\.encoding) })
            let logits = model.forward(Pass(input, precision: precision)).logits
            var row = 0
            for index in batch {
                let parts = rows[index].indices.map { place in
                    let number = row + place
                    return logits.rows(
                        kind.readsWholeText
                            ? number..<number + 1 : input.offsets[number]..<input.offsets[number + 1])
                }
                row += rows[index].count
                result[index] = (
                    self.answer(examples[index], rows[index], logits: parts),
                    loss(of: rows[index], logits: parts)
                )
            }
            batch = []
        }
        var tokens = 0
        for index in examples.indices.sorted(by: { (sizes[$0], $0) < (sizes[$1], $1) }) {
            batch.append(index)
            tokens += sizes[index]
            guard tokens >= 512 else { continue }
            answer()
            tokens = 0
        }
        if !batch.isEmpty { answer() }
        return result.map { $0! }
    }
}

extension Matrix {
    /// Some rows that follow each other.
    func rows(_ range: Range<Int>) -> Matrix {
        unsafe withUnsafe {
            unsafe Matrix(
                rows: range.count, columns: columns,
                values: $0[range.lowerBound * columns..<range.upperBound * columns])
        }
    }
}
