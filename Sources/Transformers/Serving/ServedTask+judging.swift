public import Corpus

extension ServedTask {
    /// Makes a row ready to be asked about and judged: how right the answer is, from 0 to 1, is what watching
    /// and gating go by, whatever the task is.
    ///
    /// - Throws: `TaskError` where the row is none of the task.
    public func judge(_ example: Example) throws(TaskError) -> AskedText<ScoredAnswer<TaskAnswer>> {
        switch self {
        case .label(let model): return try model.judge(example)
        case .labels(let model): return try model.judge(example).map { $0.mapped { .labels($0) } }
        case .score(let model): return try model.judge(example).map { $0.mapped { .score($0) } }
        case .tags(let model): return try model.judge(example).map { $0.mapped { .tags($0) } }
        case .answer(let model): return try model.judge(example).map { $0.mapped { .answer($0) } }
        }
    }

    /// What the model says to rows, and how right that is.
    public func judged(_ examples: [Example]) throws(TaskError) -> [ScoredAnswer<TaskAnswer>] {
        var asked: [AskedText<ScoredAnswer<TaskAnswer>>] = []
        for example in examples { asked.append(try judge(example)) }
        return asked.answers(logits(of: asked.flatMap(\.encodings)))
    }

    /// Why a row is none that the model can be judged by or learn from; `nil` where it is one.
    public func objection(to example: Example) -> String? {
        do throws(TaskError) {
            switch self {
            case .label(let model):
                guard case .label(let name) = example.target else {
                    throw .wrongTarget(kind, needs: "one label")
                }
                guard model.labels.index(of: name) == nil else { return nil }
                return "the label \"\(name.prefix(60))\" is not among the model's: "
                    + model.labels.names.joined(separator: ", ")
            case .labels(let model): _ = try model.task.rows(of: example)
            case .score(let model):
                guard model.task.range != Scoring.anyRange else {
                    return "the model's folder does not say from where to where scores reach, so that no "
                        + "error is great or small: write \"hone\": {\"score_range\": [LOWEST, HIGHEST]} "
                        + "into its config.json"
                }
                _ = try model.task.rows(of: example)
            case .tags(let model):
                guard example.pair == nil else { throw .wrongTarget(kind, needs: "one text, and no pair") }
                _ = try model.task.rows(of: example)
            case .answer(let model): _ = try model.task.rows(of: example)
            }
            return nil
        } catch { return error.description }
    }

    /// The figure that the model is known by, over all of some rows: `TaskKind.headline`.
    public func headline(_ answers: [TaskAnswer], _ examples: [Example]) -> Double {
        switch self {
        case .label:
            mean(zip(answers, examples).map { $0.name == $1.label ? 1.0 : 0 })
        case .labels(let model): model.task.headline(answers.compactMap(\.saidLabels), examples)
        case .score(let model): model.task.headline(answers.compactMap(\.saidScore), examples)
        case .tags(let model): model.task.headline(answers.compactMap(\.saidTags), examples)
        case .answer(let model): model.task.headline(answers.compactMap(\.saidAnswer), examples)
        }
    }

    /// What the best answer scores that is always the same: `ModelTask.constantScore`.
    public func constantScore(over examples: [Example]) -> Double {
        switch self {
        case .label: TextClassification.constantScore(over: examples)
        case .labels(let model): model.task.constantScore(over: examples)
        case .score(let model): model.task.constantScore(over: examples)
        case .tags(let model): model.task.constantScore(over: examples)
        case .answer(let model): model.task.constantScore(over: examples)
        }
    }
}

extension TextClassifier {
    fileprivate func judge(_ example: Example) throws(TaskError) -> AskedText<ScoredAnswer<TaskAnswer>> {
        guard case .label(let name) = example.target else {
            throw .wrongTarget(.textClassification, needs: "one label")
        }
        let truth = labels.index(of: name)
        return ask(example.text, pair: example.pair).map { prediction in
            // A label that the model does not know is certainly wrong, and costs what the smallest
            // probability that is told apart from zero would.
            let probability = truth.map { Double(prediction.probabilities[$0]) } ?? 0
            return ScoredAnswer(
                answer: .label(prediction), boundedLoss: prediction.label == name ? 0 : 1,
                lossInNats: -logarithm(max(probability, 1e-12)))
        }
    }
}

extension ScoredAnswer {
    fileprivate func mapped<Other: Sendable & Equatable>(_ transform: (Answer) -> Other) -> ScoredAnswer<
        Other
    > {
        ScoredAnswer<Other>(
            answer: transform(answer), boundedLoss: boundedLoss, lossInNats: lossInNats)
    }
}

// What an answer says where it is of a kind.
extension TaskAnswer {
    /// The one class of a text.
    public var name: String? { prediction?.label }
    package var prediction: Prediction? { if case .label(let said) = self { said } else { nil } }
    package var saidLabels: MultiLabelClassification.Answer? {
        if case .labels(let labels) = self { labels } else { nil }
    }
    package var saidScore: Double? { if case .score(let score) = self { score } else { nil } }
    package var saidTags: TokenClassification.Answer? {
        if case .tags(let tags) = self { tags } else { nil }
    }
    package var saidAnswer: QuestionAnswering.Answer? {
        if case .answer(let answer) = self { answer } else { nil }
    }
}
