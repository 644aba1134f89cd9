import Corpus
import Foundation
import Transformers

// What the store and the watch keep of an answer, whatever its task is.
extension TaskAnswer {
    /// What answers are counted by: the class; the task's own word where a text has no single one.
    func name(_ task: TaskKind) -> String {
        name ?? task.rawValue
    }

    /// As an outcome is written down: the class, or the reply's JSON where there is no single one.
    ///
    /// - Parameter labels: the names of the model's outputs.
    func written(to input: TextInput, labels: [String]) -> String {
        if let name { return name }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers that are none are the only thing that JSON cannot hold.
        let json = (try? encoder.encode(TaskReply(self, to: input, labels: labels))) ?? Data("null".utf8)
        return String(decoding: json, as: UTF8.self)
    }

    /// How sure the model is, in [0, 1]: of labels and tags the mean over all that it decided; a score comes
    /// without any doubt.
    var confidence: Double {
        func mean(_ values: [Float]) -> Double {
            values.isEmpty ? 1 : values.reduce(0) { $0 + Double($1) } / Double(values.count)
        }
        return switch self {
        case .label(let prediction): Double(prediction.confidence)
        case .labels(let found): mean(found.probabilities.map { max($0, 1 - $0) })
        case .score: 1
        case .tags(let tags): mean(tags.probabilities)
        case .answer(let found): Double(found.probability)
        }
    }

    /// In the order of the labels; empty where there are none.
    var probabilities: [Double] {
        switch self {
        case .label(let prediction): prediction.probabilities.map(Double.init)
        case .labels(let found): found.probabilities.map(Double.init)
        case .score, .tags, .answer: []
        }
    }
}
