public import Corpus
public import Tensors

/// All classes that a text belongs to: each is decided for itself, at a probability of one half.
public struct MultiLabelClassification: WholeTextTask {
    public let labels: LabelSet
    public let reading: TextReading

    public init(labels: LabelSet, _ reading: TextReading) {
        self.labels = labels
        self.reading = reading
    }

    /// The probability of each label, in the order of the label set.
    public struct Answer: Sendable, Equatable {
        public var labels: Set<String>
        public var probabilities: [Float]
    }

    public var kind: TaskKind { .multiLabelClassification }

    public func model(
        from checkpoint: Checkpoint, seed: UInt64
    ) throws(CheckpointError) -> TextClassificationModel {
        try checkpoint.model(for: kind, labels: labels, seed: seed)
    }

    /// The classes of an example.
    public func names(_ example: Example) throws(TaskError) -> Set<String> {
        switch example.target {
        case .labels(let names): return Set(names)
        case .label(let name): return [name]
        default: throw .wrongTarget(kind, needs: "a list of labels, which may be empty")
        }
    }

    /// All labels of some examples.
    public static func labels(of examples: [Example]) -> LabelSet {
        LabelSet(
            names: Set(
                examples.flatMap { example -> [String] in
                    switch example.target {
                    case .labels(let names): names
                    case .label(let name): [name]
                    default: []
                    }
                }
            ).sorted())
    }

    public func rows(of example: Example) throws(TaskError) -> [TaskRow<Set<Int>>] {
        var holding: Set<Int> = []
        for name in try names(example) { holding.insert(try labels.place(of: name)) }
        return rows(of: example, holding)
    }

    public func loss(
        _ logits: Matrix, _ batch: TokenBatch, _ truths: [Set<Int>], smoothing: Float
    ) -> (loss: Double, gradient: Matrix) {
        BinaryCrossEntropy.lossAndGradient(logits, labels: truths)
    }

    public func answer(_ example: Example, _ rows: [TaskRow<Set<Int>>], logits: [Matrix]) -> Answer {
        let probabilities = reading.pooled(logits)[row: 0].map {
            Float(BinaryCrossEntropy.sigmoid(Double($0)))
        }
        let holding = labels.names.indices.filter { probabilities[$0] >= 0.5 }
        return Answer(labels: Set(holding.map { labels.names[$0] }), probabilities: probabilities)
    }

    /// 1 − F1 of the two sets of labels; 0 where both are empty.
    public func boundedLoss(_ answer: Answer, _ example: Example) -> Double {
        1 - Counts(answer.labels, (try? names(example)) ?? []).f1
    }

    public func headline(_ answers: [Answer], _ examples: [Example]) -> Double {
        zip(answers, examples).reduce(into: Counts()) { total, pair in
            total += Counts(pair.0.labels, (try? names(pair.1)) ?? [])
        }.f1
    }

    /// Of the most frequent set of labels, or of none.
    public func constantScore(over examples: [Example]) -> Double {
        let sets = Dictionary(grouping: examples.compactMap { try? names($0) }) { $0 }.mapValues(\.count)
        let frequent = sets.max {
            ($0.value, $1.key.sorted().joined()) < ($1.value, $0.key.sorted().joined())
        }
        let scores = [[], frequent?.key ?? []].map { (set: Set<String>) in
            1 - mean(examples.map { boundedLoss(Answer(labels: set, probabilities: []), $0) })
        }
        return scores.max() ?? 0
    }
}
