import Corpus
import Drift
import Tensors
import Transformers

/// Asks a model about labelled rows, and counts where it is sure of another label.
struct LabelDoubts {
    private let classifier: TextClassifier
    private var doubts = DataInspection.Doubts()
    private var waiting: [(example: Example, line: Int)] = []

    private static let batch = 32

    /// - Returns: `nil` for a model without a head, or rows of another task: there is nobody to ask.
    init?(_ checkpoint: Checkpoint, for task: TaskKind) throws {
        guard task == .textClassification, checkpoint.configuration.task == task,
            checkpoint.configuration.labels.count >= 2
        else { return nil }
        guard case .label(let classifier) = try ServedTask(checkpoint, .f32) else { return nil }
        self.classifier = classifier
    }

    /// Asks about a row if it is one of the share that its hash chooses.
    mutating func consider(_ example: Example, at line: Int, share: Double) {
        guard let label = example.label else { return }
        let place = Double(ContentHash.key(of: example.text, example.pair) >> 11) / Double(UInt64(1) << 53)
        guard place < share else { return }
        guard classifier.labels.index(of: label) != nil else {
            doubts.unknownLabels += 1
            return
        }
        waiting.append((example, line))
        if waiting.count == Self.batch { ask() }
    }

    private mutating func ask() {
        let answers = classifier.predict(
            texts: waiting.map { classifier.ask($0.example.text, pair: $0.example.pair) })
        for (row, answer) in zip(waiting, answers) {
            doubts.asked += 1
            guard Double(answer.confidence) >= doubts.confidence else { continue }
            doubts.confident += 1
            guard let label = row.example.label, label != answer.label else { continue }
            doubts.contradicted += 1
            doubts.first.append(
                DataInspection.DoubtfulRow(
                    line: row.line, text: row.example.text.shortened, label: label, predicted: answer.label,
                    confidence: Double(answer.confidence)))
        }
        doubts.first.sort { ($1.confidence, $0.line) < ($0.confidence, $1.line) }
        doubts.first = Array(doubts.first.prefix(DataInspector.shown))
        waiting = []
    }

    mutating func finished() -> DataInspection.Doubts {
        if !waiting.isEmpty { ask() }
        var weighing = LabelDoubt()
        weighing.confidence = doubts.confidence
        let tally = LabelDoubt.Tally(
            rows: doubts.asked, confident: doubts.confident, contradicted: doubts.contradicted)
        doubts.areSlips = weighing.weigh(["rows": tally])["rows"] == .slips
        return doubts
    }
}
