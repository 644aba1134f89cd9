import Corpus
import Foundation
import Training
import Transformers

extension ServedTask {
    /// How good the model is on rows of its task; `nil` for one class a text, which `Evaluation` is about.
    ///
    /// - Throws: `TaskError` for rows of another task.
    func evaluation(of answers: [TaskAnswer], to examples: [Example]) throws -> TaskEvaluation? {
        switch self {
        case .label: nil
        case .labels(let model): try TaskEvaluation(model.task, answers.compactMap(\.saidLabels), examples)
        case .score(let model): TaskEvaluation(model.task, answers.compactMap(\.saidScore), examples)
        case .tags(let model): try TaskEvaluation(model.task, answers.compactMap(\.saidTags), examples)
        case .answer(let model): TaskEvaluation(model.task, answers.compactMap(\.saidAnswer), examples)
        }
    }
}

extension TaskEvaluation {
    /// Entities count as right if their words and their type are, as the CoNLL shared tasks count.
    fileprivate init(
        _ task: TokenClassification, _ answers: [TokenClassification.Answer], _ examples: [Example]
    ) throws {
        let found = answers.map(\.tags)
        let wanted = try examples.map(task.tags)
        let types = Set((found + wanted).flatMap { Entity.all(in: $0).map(\.type) }).sorted()
        let rows = zip(found, wanted).map { Counts(entitiesOf: [$0], wanted: [$1]) }
        let all = rows.sum
        let words = zip(found.joined(), wanted.joined())
        let right = words.count { $0 == $1 }
        self.init(
            task.kind, count: examples.count,
            [
                Figure(name: "precision", value: all.precision, isShare: true),
                Figure(name: "recall", value: all.recall, isShare: true),
                Figure(
                    name: "right tags", value: Double(right) / Double(max(1, wanted.joined().count)),
                    isShare: true),
            ],
            types.map { ClassFigures($0, Counts(entitiesOf: found, wanted: wanted, type: $0)) }
        ) { places in rows.sum(of: places).f1 }
    }

    /// Exact match and F1 as SQuAD's scorer counts; with questions that have no answer, both apart.
    fileprivate init(
        _ task: QuestionAnswering, _ answers: [QuestionAnswering.Answer], _ examples: [Example]
    ) {
        let scores = zip(answers, examples).map(task.score)
        let isAnswered = examples.map {
            if case .answers(let right) = $0.target { !right.isEmpty } else { false }
        }
        var figures = [Figure(name: "exact match", value: scores.map(\.exactMatch).mean, isShare: true)]
        if isAnswered.contains(false) {
            for (name, kind) in [("F1 with answers", true), ("right without", false)] {
                let some = zip(scores, isAnswered).filter { $1 == kind }.map(\.0.f1)
                if !some.isEmpty { figures.append(Figure(name: name, value: some.mean, isShare: true)) }
            }
        }
        self.init(task.kind, count: examples.count, figures) { places in
            places.map { scores[$0].f1 }.mean
        }
    }

    fileprivate init(
        _ task: MultiLabelClassification, _ answers: [MultiLabelClassification.Answer], _ examples: [Example]
    ) throws {
        let found = answers.map(\.labels)
        let wanted = try examples.map(task.names)
        let rows = zip(found, wanted).map { Counts($0, $1) }
        let classes = task.labels.names.map { name in
            ClassFigures(
                name, zip(found, wanted).map { Counts($0.intersection([name]), $1.intersection([name])) }.sum)
        }
        let all = rows.sum
        self.init(
            task.kind, count: examples.count,
            [
                Figure(name: "macro F1", value: classes.map(\.f1).mean, isShare: true),
                Figure(name: "precision", value: all.precision, isShare: true),
                Figure(name: "recall", value: all.recall, isShare: true),
                Figure(
                    name: "all labels right", value: zip(found, wanted).map { $0 == $1 ? 1.0 : 0 }.mean,
                    isShare: true),
            ], classes
        ) { places in rows.sum(of: places).f1 }
    }

    fileprivate init(_ task: Scoring, _ found: [Double], _ examples: [Example]) {
        let wanted = examples.map { if case .score(let score) = $0.target { score } else { 0.0 } }
        let errors = zip(found, wanted).map { abs($0 - $1) }
        self.init(
            task.kind, count: examples.count, isShare: false,
            [
                Figure(
                    name: "root mean square error", value: errors.map { $0 * $0 }.mean.squareRoot(),
                    isShare: false),
                Figure(name: "correlation", value: correlation(found, wanted), isShare: false),
            ]
        ) { places in places.map { errors[$0] }.mean }
    }
}

/// Pearson's r; 0 where one side does not vary.
private func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (meanA, meanB) = (a.mean, b.mean)
    let together = zip(a, b).map { ($0 - meanA) * ($1 - meanB) }.mean
    let spread = (a.map { ($0 - meanA) * ($0 - meanA) }.mean * b.map { ($0 - meanB) * ($0 - meanB) }.mean)
    return spread > 0 ? together / spread.squareRoot() : 0
}

extension [Counts] {
    fileprivate var sum: Counts { reduce(into: Counts()) { $0 += $1 } }

    fileprivate func sum(of places: [Int]) -> Counts {
        places.reduce(into: Counts()) { $0 += self[$1] }
    }
}

extension [Double] {
    /// 0 of nothing.
    fileprivate var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}
