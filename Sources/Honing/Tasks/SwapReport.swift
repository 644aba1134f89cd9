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
    /// Of all pairs of terms.
    public var all: Figures
    public var pairs: [PairFigures]
    /// The answers that changed, with the greatest change of probability first.
    public var examples: [Change]

    public struct Figures: Codable, Sendable, Equatable {
        /// Texts that hold a term, once for each pair.
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
        public var pair: TermSwaps.Pair
        public var text: String
        public var answer: String
        public var answerAfterSwap: String
        /// Of the first answer's probability.
        public var change: Double
    }

    /// - Parameter changes: of every text that holds a term.
    init(count: Int, _ swaps: TermSwaps, _ changes: [Change]) {
        self.count = count
        all = Figures(changes)
        pairs = swaps.pairs.map { pair in
            PairFigures(pair: pair, figures: Figures(changes.filter { $0.pair == pair }))
        }
        examples = Array(
            changes.filter { $0.answer != $0.answerAfterSwap }
                .sorted { abs($0.change) > abs($1.change) }.prefix(5))
    }
}

extension SwapReport.Figures {
    fileprivate init(_ changes: [SwapReport.Change]) {
        texts = changes.count
        flips = changes.count { $0.answer != $0.answerAfterSwap }
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
        var (found, asked): ([(Example, TermSwaps.Pair)], [AskedText<Prediction>]) = ([], [])
        for row in rows {
            for pair in swaps.pairs {
                let (text, other) = (pair.swapped(in: row.text), row.pair.flatMap(pair.swapped))
                guard text != nil || other != nil else { continue }
                found.append((row, pair))
                asked.append(classifier.ask(row.text, pair: row.pair))
                asked.append(classifier.ask(text ?? row.text, pair: other ?? row.pair))
            }
        }
        guard !found.isEmpty else { throw .noTerm(rows.count) }
        // In pieces, so that memory does not grow with the rows.
        var said: [Prediction] = []
        for start in stride(from: 0, to: asked.count, by: 256) {
            said += classifier.predict(texts: Array(asked[start..<min(start + 256, asked.count)]))
        }
        let changes = found.enumerated().map { place, row in
            let (before, after) = (said[2 * place], said[2 * place + 1])
            let answer = classifier.labels.index(of: before.label)!
            return SwapReport.Change(
                pair: row.1, text: row.0.text, answer: before.label, answerAfterSwap: after.label,
                change: Double(after.probabilities[answer]) - Double(before.probabilities[answer]))
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
