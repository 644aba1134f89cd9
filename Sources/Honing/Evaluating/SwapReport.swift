public import Corpus
import Drift
import Transformers

/// Whether a model's answer changes when nothing of a text does but a term that should make no difference.
///
/// Source: Garg et al., *Counterfactual fairness in text classification through robustness*,
/// [arXiv:1809.10610](https://arxiv.org/abs/1809.10610).
public struct SwapReport: Codable, Sendable, Equatable {
    /// Rows that were looked through.
    public var count: Int
    /// Of all pairs of terms; a text that holds several counts once, with the pair that changes it most.
    public var all: Figures
    public var pairs: [PairFigures]
    /// Where the probability of the answer changes most, the greatest change first, each text once.
    public var examples: [Change]

    public struct Figures: Codable, Sendable, Equatable {
        /// Texts that hold a term.
        public var texts: Int
        /// Those whose answer is another after the swap.
        public var flips: Int
        /// Wilson's 95 % interval of their share.
        public var interval: ClosedRange<Double>
        /// The mean of how much the probability of the first answer changes, up or down; 0 without texts.
        public var meanChange: Double
    }

    public struct PairFigures: Codable, Sendable, Equatable {
        public var pair: TermSwaps.Pair
        public var figures: Figures
    }

    public struct Change: Codable, Sendable, Equatable {
        /// The row's place among those that were looked through.
        public var row: Int
        public var pair: TermSwaps.Pair
        public var text: String
        public var textAfterSwap: String
        public var answer: String
        public var answerAfterSwap: String
        /// Of the first answer's probability.
        public var change: Double

        var flips: Bool { answer != answerAfterSwap }
    }

    /// - Parameter changes: of every text that holds a term, once for each pair.
    init(count: Int, _ swaps: TermSwaps, _ changes: [Change]) {
        self.count = count
        let rows = Dictionary(grouping: changes, by: \.row).values.map { changes in
            changes.max { ($0.flips ? 1 : 0, abs($0.change)) < ($1.flips ? 1 : 0, abs($1.change)) }!
        }
        all = Figures(rows)
        pairs = swaps.pairs.map { pair in
            PairFigures(pair: pair, figures: Figures(changes.filter { $0.pair == pair }))
        }
        examples = Array(rows.sorted { (abs($0.change), $1.row) > (abs($1.change), $0.row) }.prefix(5))
    }
}

extension SwapReport.Figures {
    fileprivate init(_ changes: [SwapReport.Change]) {
        texts = changes.count
        flips = changes.count(where: \.flips)
        interval = texts == 0 ? 0...1 : wilson(flips, of: texts, confidence: 0.95)
        meanChange = changes.reduce(0) { $0 + abs($1.change) } / Double(max(1, texts))
    }
}

extension FolderModel {
    /// Asks about each text that holds a term twice: as it is, and with the term swapped.
    ///
    /// - Throws: `SwapError` for a model of another task than classes, and where no text holds a term.
    public func swapReport(on rows: [Example], _ swaps: TermSwaps) throws(SwapError) -> SwapReport {
        guard case .label(let classifier) = served else { throw .noClasses(task) }
        let found = rows.enumerated().flatMap { place, row in
            swaps.variants(of: row.text, row.pair).map { (row: place, swap: $0) }
        }
        guard !found.isEmpty else { throw .noTerm(rows.count) }
        var changes: [SwapReport.Change] = []
        // In pieces, so that no more than a few tokenized texts are held at a time.
        for start in stride(from: 0, to: found.count, by: 128) {
            let piece = found[start..<min(start + 128, found.count)]
            let said = classifier.predict(
                texts: piece.flatMap { place, swap in
                    let row = rows[place]
                    return [
                        classifier.ask(row.text, pair: row.pair), classifier.ask(swap.text, pair: swap.other),
                    ]
                })
            changes += piece.enumerated().map { number, found in
                let (before, after) = (said[2 * number], said[2 * number + 1])
                let (row, swap, answer) = (
                    rows[found.row], found.swap, classifier.labels.index(of: before.label)!
                )
                // Of two texts the one that holds the term is shown.
                let isFirst = swap.text != row.text
                return SwapReport.Change(
                    row: found.row, pair: swap.pair, text: isFirst ? row.text : row.pair ?? row.text,
                    textAfterSwap: isFirst ? swap.text : swap.other ?? swap.text, answer: before.label,
                    answerAfterSwap: after.label,
                    change: Double(after.probabilities[answer]) - Double(before.probabilities[answer]))
            }
        }
        return SwapReport(count: rows.count, swaps, changes)
    }
}

/// Why there is nothing to swap.
public enum SwapError: Error, CustomStringConvertible, Equatable {
    case noClasses(TaskKind)
    case noTerm(Int)

    public var description: String {
        switch self {
        case .noClasses(let task):
            "the model is for \(task.rawValue): terms are swapped for models that give a text one class"
        case .noTerm(let rows):
            "none of \(rows) rows holds one of the terms: name terms that stand in them, or other rows"
        }
    }
}
