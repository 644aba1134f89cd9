public import Corpus
public import Tensors

/// The one class that a text, or a pair of texts, belongs to.
public struct TextClassification: WholeTextTask {
    public let labels: LabelSet
    public let reading: TextReading

    public init(labels: LabelSet, _ reading: TextReading) {
        self.labels = labels
        self.reading = reading
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
        return rows(of: example, try labels.place(of: name))
    }

    public func loss(
        _ logits: Matrix, _ batch: TokenBatch, _ truths: [Int], smoothing: Float
    ) -> (loss: Double, gradient: Matrix) {
        CrossEntropy.lossAndGradient(logits, labels: truths, smoothing: smoothing)
    }

    public func answer(_ example: Example, _ rows: [TaskRow<Int>], logits: [Matrix]) -> Prediction {
        Prediction(logits: reading.pooled(logits)[row: 0], labels: labels, temperature: 1)
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
