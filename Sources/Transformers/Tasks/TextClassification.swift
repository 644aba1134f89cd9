public import Corpus
public import Tensors
public import Tokenizers

/// The one class that a text, or a pair of texts, belongs to.
public struct TextClassification: ModelTask {
    public let labels: LabelSet
    public let tokenizer: any Tokenizer
    public let maximumLength: Int

    public init(labels: LabelSet, tokenizer: any Tokenizer, maximumLength: Int) {
        self.labels = labels
        self.tokenizer = tokenizer
        self.maximumLength = maximumLength
    }

    public var kind: TaskKind { .textClassification }

    public func model(
        from checkpoint: Checkpoint, seed: UInt64
    ) throws(CheckpointError) -> TextClassificationModel {
        try checkpoint.model(for: labels, seed: seed)
    }

    public func rows(of example: Example) throws(TaskError) -> [TaskRow<Int>] {
        guard case .label(let name) = example.target else {
            throw .wrongTarget(kind, needs: "one label")
        }
        let encoding = tokenizer.encode(example.text, pair: example.pair, maximumLength: maximumLength)
        return [TaskRow(encoding, try labels.place(of: name))]
    }

    public func loss(
        _ logits: Matrix, _ batch: TokenBatch, _ truths: [Int], smoothing: Float
    ) -> (loss: Double, gradient: Matrix) {
        CrossEntropy.lossAndGradient(logits, labels: truths, smoothing: smoothing)
    }

    public func answer(_ example: Example, _ rows: [TaskRow<Int>], logits: [Matrix]) -> Prediction {
        Prediction(logits: logits[0][row: 0], labels: labels, temperature: 1)
    }

    public func boundedLoss(_ answer: Prediction, _ example: Example) -> Double {
        answer.label == example.label ? 0 : 1
    }

    public func headline(_ answers: [Prediction], _ examples: [Example]) -> Double {
        1 - mean(zip(answers, examples).map(boundedLoss))
    }

    public func constantScore(over examples: [Example]) -> Double { Self.constantScore(over: examples) }

    /// Of the most frequent class.
    static func constantScore(over examples: [Example]) -> Double {
        let largest = Dictionary(grouping: examples, by: \.label).values.map(\.count).max() ?? 0
        return examples.isEmpty ? 0 : Double(largest) / Double(examples.count)
    }
}

extension LabelSet {
    func place(of name: String) throws(TaskError) -> Int {
        guard let place = index(of: name) else { throw .unknownLabel(name, known: names) }
        return place
    }
}

/// 0 of nothing.
func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}
