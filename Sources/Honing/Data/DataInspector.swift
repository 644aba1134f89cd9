import Corpus
import Foundation
import Tokenizers
import Transformers

/// Counts what there is to know about a file of rows, in two readings, in memory that rows themselves do not
/// fill: 64 bits of the hash of each text, counts of labels and lengths, and the first few of everything.
public struct DataInspector {
    /// What is looked for.
    public struct Settings: Sendable {
        /// From which Jaccard's index on two texts are nearly the same; `nil` to look for equal ones alone.
        public var threshold: Double? = 0.8
        /// A model folder, for lengths in its tokens and for what it thinks of labels.
        public var model: String?
        /// Rows that the model is asked about at most, chosen by their hashes.
        public var sample = 5_000

        public init() {}
    }

    /// How many of anything are shown.
    static let shown = 10
    /// More different labels than this are not counted one by one.
    static let mostLabels = 10_000

    private var inspection: DataInspection
    private var lengths = LengthCounts()
    private var labels: [String: Int] = [:]
    private var scores: (count: Double, sum: Double, low: Double, high: Double)?
    private let checkpoint: Checkpoint?
    /// The file's name where a command is to be typed.
    private let argument: String

    /// Reads and counts.
    ///
    /// - Throws: `DataError`, `CheckpointError`.
    public static func inspect(
        _ file: DataFile, against other: DataFile? = nil, _ settings: Settings = Settings(),
        progress: @escaping (DataFile.Progress) -> Void = { _ in }
    ) throws -> DataInspection {
        let checkpoint = try settings.model.map { try Checkpoint($0) }
        var inspector = DataInspector(file, checkpoint)
        inspector.inspection.repetitions.threshold = settings.threshold
        if let other { inspector.inspection.leaks = DataInspection.Leaks(file: other.name) }
        var doubts = try checkpoint.flatMap { try LabelDoubts($0, for: file.task) }
        var scan = DuplicateScan(file, against: other, threshold: settings.threshold, progress: progress)
        try scan.run { row in
            inspector.count(row)
        } second: { row, repetition in
            guard case .example(let example) = row.content else { return }
            if let repetition { inspector.count(repetition, at: row.line, example) }
            let share = Double(settings.sample) / Double(max(1, inspector.inspection.rows))
            doubts?.consider(example, at: row.line, share: share)
        }
        inspector.inspection.doubts = doubts?.finished()
        return inspector.finished()
    }

    private init(_ file: DataFile, _ checkpoint: Checkpoint?) {
        inspection = DataInspection(file)
        argument = file.argument
        self.checkpoint = checkpoint
    }

    // MARK: Counting

    private mutating func count(_ row: ReadRow) {
        switch row.content {
        case .rejected(let rejected):
            inspection.rejected += 1
            if let foreign = ForeignBytes(row: row.source) {
                inspection.encoding.invalid += 1
                if inspection.encoding.remedy == nil {
                    inspection.encoding.remedy = foreign.remedy(argument)
                }
            }
            if inspection.firstRejected.count < Self.shown { inspection.firstRejected.append(rejected) }
        case .example(let example):
            inspection.rows += 1
            count(example)
        }
    }

    private mutating func count(_ example: Example) {
        let text = example.text
        if text.unicodeScalars.contains("\u{FFFD}") { inspection.encoding.replaced += 1 }
        if text.isGarbled { inspection.encoding.garbled += 1 }
        lengths.add(length(of: example))
        switch example.target {
        case nil:
            inspection.unlabelled += 1
        case .score(let score):
            let before = scores ?? (0, 0, score, score)
            scores = (before.count + 1, before.sum + score, min(before.low, score), max(before.high, score))
        default:
            for name in example.classes where labels[name] != nil || labels.count < Self.mostLabels {
                labels[name, default: 0] += 1
            }
        }
    }

    private func length(of example: Example) -> Int {
        if let checkpoint {
            return checkpoint.tokenizer.encode(example.text, pair: example.pair, maximumLength: .max / 2).ids
                .count
        }
        return [example.text, example.pair ?? ""].reduce(0) {
            $0 + $1.split(whereSeparator: \.isWhitespace).count
        }
    }

    private mutating func count(_ repetition: Repetition, at line: Int, _ example: Example) {
        let row = DataInspection.RepeatedRow(line: line, text: example.text.shortened, of: repetition)
        if repetition.isInOther {
            if repetition.isExact {
                inspection.leaks?.exact += 1
            } else {
                inspection.leaks?.near += 1
            }
            if inspection.leaks?.first.count ?? 0 < Self.shown { inspection.leaks?.first.append(row) }
            return
        }
        switch (repetition.isExact, repetition.hasSameTarget) {
        case (true, true): inspection.repetitions.exact += 1
        case (true, false): inspection.repetitions.contradicting += 1
        case (false, _): inspection.repetitions.near += 1
        }
        if inspection.repetitions.first.count < Self.shown { inspection.repetitions.first.append(row) }
    }

    private func finished() -> DataInspection {
        var result = inspection
        result.labelCount = labels.count
        let total = Double(max(1, labels.values.reduce(0, +)))
        result.labels = labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(100).map {
            DataInspection.LabelCount(label: $0.key, count: $0.value, share: Double($0.value) / total)
        }
        if let scores {
            result.scores = DataInspection.Scores(
                lowest: scores.low, mean: scores.sum / scores.count, highest: scores.high)
        }
        let limit = checkpoint?.longestText
        result.lengths = DataInspection.Lengths(
            unit: checkpoint == nil ? "words" : "tokens", mean: lengths.mean, median: lengths.quantile(0.5),
            nineTenths: lengths.quantile(0.9), ninetyNine: lengths.quantile(0.99),
            longest: lengths.quantile(1),
            bins: lengths.octaves.map {
                DataInspection.Lengths.Bin(
                    from: $0.range.lowerBound, to: $0.range.upperBound, count: $0.count)
            },
            limit: limit, windows: checkpoint?.configuration.windows?.limit,
            longer: limit.map { lengths.count(above: $0) })
        return result
    }
}

extension Checkpoint {
    /// How many tokens of one text the model reads, in windows where its folder has them.
    fileprivate var longestText: Int {
        let special = tokenizer.encode("", pair: nil, maximumLength: maximumLength).ids.count
        return configuration.windows?.reach(special: special) ?? maximumLength
    }
}

extension Example {
    /// What is counted of its target: labels, types of entities, whether a question has an answer.
    fileprivate var classes: [String] {
        switch target {
        case .label(let name): [name]
        case .labels(let names): names
        case .tags(let tags):
            tags.filter { $0.hasPrefix("B-") || $0.hasPrefix("S-") }.map { String($0.dropFirst(2)) }
        case .spans(let spans): spans.map(\.label)
        case .answers(let answers): [answers.isEmpty ? "without an answer" : "with an answer"]
        case nil, .score, .continuation: []
        }
    }
}

extension String {
    /// As much of a text as a list has room for.
    var shortened: String {
        let line = split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 60 ? line.prefix(59) + "…" : line
    }

    /// Whether it holds a letter of two bytes as the two letters that Latin-1 has for them.
    fileprivate var isGarbled: Bool {
        var last: Unicode.Scalar?
        for scalar in unicodeScalars {
            defer { last = scalar }
            if let last, "ÂÃ".unicodeScalars.contains(last), (0x80...0xBF).contains(scalar.value) {
                return true
            }
        }
        return false
    }
}
