public import Corpus
public import Tensors
public import Tokenizers

/// The part of a text that answers a question; the question is the example's text, the text its pair.
///
/// A text that is too long is read in windows that overlap. Where the first token (`[CLS]`) scores higher
/// than the best answer, there is none (Devlin et al., [arXiv:1810.04805](https://arxiv.org/abs/1810.04805),
/// section 4.3).
public struct QuestionAnswering: ModelTask {
    public let tokenizer: any Tokenizer
    public let maximumLength: Int
    /// How many tokens a window shares with the one before it.
    public var stride = 128
    /// The longest answer, in tokens.
    public var maximumAnswer = 30
    /// By how much an answer must score higher than none.
    public var threshold: Float = 0

    /// The tokens of a window of question and text that most models are taught with.
    public static let usualLength = 384

    public init(tokenizer: any Tokenizer, maximumLength: Int) {
        self.tokenizer = tokenizer
        self.maximumLength = maximumLength
        stride = min(128, maximumLength / 4)
    }

    /// The best answer, whether or not it is thought to be one.
    public struct Answer: Sendable, Equatable {
        /// Empty where there is none.
        public var text: String
        /// In Unicode scalars of the text.
        public var range: Range<Int>
        /// How much higher than none it scores.
        public var margin: Float
        /// The probability that it begins where it does, times the one that it ends there, in its window;
        /// of none, where there is none.
        public var probability: Float
    }

    public var kind: TaskKind { .questionAnswering }

    public func model(
        from checkpoint: Checkpoint, seed: UInt64
    ) throws(CheckpointError) -> EncoderModel<QuestionAnsweringHead> {
        try checkpoint.model(for: kind, labels: LabelSet(names: []), seed: seed)
    }

    private func answers(_ example: Example) throws(TaskError) -> [Target.Answer] {
        guard case .answers(let answers) = example.target, example.pair != nil else {
            throw .wrongTarget(kind, needs: "a question, a text and its answers, of which there may be none")
        }
        return answers
    }

    public func rows(of example: Example) throws(TaskError) -> [TaskRow<ClosedRange<Int>>] {
        let answer = try answers(example).first
        if let answer {
            let range = answer.start..<answer.start + answer.text.unicodeScalars.count
            guard answer.start >= 0, example.pair?.scalars(range) == answer.text else {
                throw .answerNotInText(answer.text)
            }
        }
        do {
            return try tokenizer.windows(
                example.text, pair: example.pair,
                truncation: Truncation(.onlySecond, maximumLength: maximumLength, stride: stride)
            ).map { TaskRow($0, Self.tokens(of: answer, in: $0)) }
        } catch { throw .truncation(error) }
    }

    /// The tokens of an answer; the first of the window, twice, where it has not all of it.
    private static func tokens(of answer: Target.Answer?, in encoding: Encoding) -> ClosedRange<Int> {
        guard let answer, !answer.text.isEmpty, let context = encoding.second else { return 0...0 }
        let end = answer.start + answer.text.unicodeScalars.count
        let touched = context.filter {
            encoding.offsets[$0].lowerBound < end && answer.start < encoding.offsets[$0].upperBound
        }
        guard let first = touched.first, let last = touched.last,
            encoding.offsets[first].lowerBound <= answer.start, encoding.offsets[last].upperBound >= end
        else { return 0...0 }
        return first...last
    }

    public func loss(
        _ logits: Matrix, _ batch: TokenBatch, _ truths: [ClosedRange<Int>], smoothing: Float
    ) -> (loss: Double, gradient: Matrix) {
        SpanCrossEntropy.lossAndGradient(logits, offsets: batch.offsets, answers: truths)
    }

    public func answer(
        _ example: Example, _ rows: [TaskRow<ClosedRange<Int>>], logits: [Matrix]
    ) -> Answer {
        var best: (score: Float, range: Range<Int>, probability: Float)?
        var nothing = (score: Float.infinity, probability: Float(0))
        for (row, logits) in zip(rows, logits) {
            let window = Window(row.encoding, logits)
            // No window may have the answer if the text is to have none.
            let none = logits[0, 0] + logits[0, 1]
            if none < nothing.score { nothing = (none, window.probability(0, 0)) }
            guard let context = row.encoding.second else { continue }
            for first in context {
                for last in first..<min(first + maximumAnswer, context.upperBound) {
                    let score = logits[first, 0] + logits[last, 1]
                    guard score > best?.score ?? -.infinity else { continue }
                    let offsets = row.encoding.offsets
                    best = (
                        score, offsets[first].lowerBound..<offsets[last].upperBound,
                        window.probability(first, last)
                    )
                }
            }
        }
        guard let best, best.score - nothing.score > threshold else {
            return Answer(
                text: "", range: 0..<0, margin: (best?.score ?? nothing.score) - nothing.score,
                probability: nothing.probability)
        }
        let text = example.pair?.scalars(best.range) ?? ""
        return Answer(
            text: text, range: best.range, margin: best.score - nothing.score, probability: best.probability)
    }

    /// The beginnings and ends of a window as probabilities: of the text's tokens and of the first one.
    private struct Window {
        private let starts: [Double]
        private let ends: [Double]

        init(_ encoding: Encoding, _ logits: Matrix) {
            let asked = [0] + Array(encoding.second ?? 0..<0)
            func probabilities(_ column: Int) -> [Double] {
                let top = asked.map { Double(logits[$0, column]) }.max() ?? 0
                let weights = (0..<logits.rows).map { exponential(Double(logits[$0, column]) - top) }
                let total = asked.reduce(0) { $0 + weights[$1] }
                return weights.map { $0 / total }
            }
            (starts, ends) = (probabilities(0), probabilities(1))
        }

        func probability(_ first: Int, _ last: Int) -> Float { Float(starts[first] * ends[last]) }
    }

    /// How well an answer agrees with the right ones.
    public func score(_ answer: Answer, _ example: Example) -> AnswerScore {
        AnswerScore(answer.text, right: ((try? answers(example)) ?? []).map(\.text))
    }

    /// 1 − F1 of the words of the answer.
    public func boundedLoss(_ answer: Answer, _ example: Example) -> Double { 1 - score(answer, example).f1 }

    public func headline(_ answers: [Answer], _ examples: [Example]) -> Double {
        mean(zip(answers, examples).map { score($0, $1).f1 })
    }

    /// Of saying that there is no answer.
    public func constantScore(over examples: [Example]) -> Double {
        let none = Answer(text: "", range: 0..<0, margin: 0, probability: 1)
        return headline(examples.map { _ in none }, examples)
    }
}
