import ArgumentParser
import Corpus

/// What a model is trained for, as the command line says it.
enum TaskName: String, ExpressibleByArgument, CaseIterable {
    case classify, labels, score, ner, qa

    var kind: TaskKind {
        switch self {
        case .classify: .textClassification
        case .labels: .multiLabelClassification
        case .score: .scoring
        case .ner: .tokenClassification
        case .qa: .questionAnswering
        }
    }
}
