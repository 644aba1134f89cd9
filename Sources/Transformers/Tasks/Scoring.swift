public import Corpus
public import Tensors

/// A number for a text, such as how much its author liked something.
public struct Scoring: WholeTextTask {
    /// What scores there are: an error as wide as all of it is wholly wrong.
    public let range: ClosedRange<Double>
    public let reading: TextReading

    /// - Precondition: the range is no point.
    public init(range: ClosedRange<Double>, _ reading: TextReading) {
        precondition(range.lowerBound < range.upperBound, "scores from \(range) to itself")
        self.range = range
        self.reading = reading
    }

    public var kind: TaskKind { .scoring }

    public func model(
        from checkpoint: Checkpoint, seed: UInt64
    ) throws(CheckpointError) -> TextClassificationModel {
        var checkpoint = checkpoint
        checkpoint.configuration.scoreRange = range
        return try checkpoint.model(for: kind, labels: LabelSet(names: ["score"]), seed: seed)
    }

    /// For a model whose folder does not say what it was taught.
    public static let anyRange = -Double.greatestFiniteMagnitude / 4...Double.greatestFiniteMagnitude / 4

    /// From the lowest score of some examples to the highest; `nil` where there are no two.
    public static func range(of examples: [Example]) -> ClosedRange<Double>? {
        let scores = examples.compactMap { if case .score(let score) = $0.target { score } else { nil } }
        guard let low = scores.min(), let high = scores.max(), low < high else { return nil }
        return low...high
    }

    private func score(_ example: Example) throws(TaskError) -> Double {
        guard case .score(let score) = example.target, score.isFinite else {
            throw .wrongTarget(kind, needs: "a finite score")
        }
        return score
    }

    public func rows(of example: Example) throws(TaskError) -> [TaskRow<Double>] {
        rows(of: example, try score(example))
    }

    public func loss(
        _ logits: Matrix, _ batch: TokenBatch, _ truths: [Double], smoothing: Float
    ) -> (loss: Double, gradient: Matrix) {
        SquaredError.lossAndGradient(logits, scores: truths)
    }

    public func answer(_ example: Example, _ rows: [TaskRow<Double>], logits: [Matrix]) -> Double {
        min(max(Double(reading.pooled(logits)[0, 0]), range.lowerBound), range.upperBound)
    }

    /// The error as a share of the range.
    public func boundedLoss(_ answer: Double, _ example: Example) -> Double {
        guard let score = try? score(example) else { return 1 }
        return min(1, abs(answer - score) / (range.upperBound - range.lowerBound))
    }

    public func headline(_ answers: [Double], _ examples: [Example]) -> Double {
        mean(
            zip(answers, examples).map { answer, example in abs(answer - ((try? score(example)) ?? answer)) })
    }

    /// Of the median, which is nearest to all on average.
    public func constantScore(over examples: [Example]) -> Double {
        let scores = examples.compactMap { try? score($0) }.sorted()
        guard !scores.isEmpty else { return 0 }
        let median = scores[scores.count / 2]
        return 1 - mean(examples.map { boundedLoss(median, $0) })
    }
}
