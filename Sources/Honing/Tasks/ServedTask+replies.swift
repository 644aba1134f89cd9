import Corpus
import Transformers

extension ServedTask {
    /// What the model says about texts; for questions and answers the text is the question, its pair is
    /// where the answer stands.
    ///
    /// - Throws: `TaskError` for a question without a text.
    func replies(to inputs: [TextInput]) throws -> [TaskReply] {
        let examples = inputs.map { Self.question($0.text, pair: $0.pair, of: kind) }
        switch self {
        case .label(let classifier):
            return classifier.predict(inputs.map { classifier.encode($0.text, pair: $0.pair) }).map {
                .labels(ranked(classifier.labels, $0.probabilities), held: [$0.label])
            }
        case .labels(let model):
            return try model.answers(to: examples).map {
                .labels(ranked(model.task.labels, $0.probabilities), held: $0.labels)
            }
        case .score(let model):
            return try model.answers(to: examples).map { .score($0) }
        case .tags(let model):
            return try zip(model.answers(to: examples), inputs).map { answer, input in
                .entities(answer.entities(in: input.text))
            }
        case .answer(let model):
            return try model.answers(to: examples).map {
                .answer(
                    FoundAnswer(
                        answer: $0.text, score: Double($0.probability), start: $0.range.lowerBound,
                        end: $0.range.upperBound))
            }
        }
    }

    private func ranked(_ labels: LabelSet, _ probabilities: [Float]) -> [ScoredLabel] {
        zip(labels.names, probabilities).map { ScoredLabel(label: $0, score: Double($1)) }
            .sorted { ($1.score, $0.label) < ($0.score, $1.label) }
    }
}

extension TokenClassification.Answer {
    func entities(in text: String) -> [NamedEntity] {
        zip(spans(in: text), Entity.all(in: tags)).map { span, entity in
            let words = probabilities[entity.words]
            return NamedEntity(
                span, score: Double(words.reduce(0, +)) / Double(max(1, words.count)), of: text)
        }
    }
}
