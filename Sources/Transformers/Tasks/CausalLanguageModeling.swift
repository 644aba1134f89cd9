public import Corpus
public import Tensors
public import Tokenizers

/// How a text goes on. Of an example with a continuation, the text is only read, and the continuation and
/// its end are learned; of one without, all of the text is.
public struct CausalLanguageModeling: ModelTask {
    public let tokenizer: any Tokenizer
    public let maximumLength: Int
    /// Ends a continuation.
    private let endTokenID: Int32?

    public init(tokenizer: any Tokenizer, maximumLength: Int, endTokenID: Int32?) {
        self.tokenizer = tokenizer
        self.maximumLength = maximumLength
        self.endTokenID = endTokenID
    }

    /// How well a model foresaw a text.
    public struct Answer: Sendable, Equatable {
        /// Tokens that were asked for.
        public var tokens: Int
        /// −log of their probability, all together.
        public var nats: Double

        /// How many tokens, equally probable, would have been as hard to tell apart.
        public var perplexity: Double { exponential(nats / Double(max(1, tokens))) }
    }

    public var kind: TaskKind { .textGeneration }

    public func model(
        from checkpoint: Checkpoint, seed: UInt64
    ) throws(CheckpointError) -> CausalLanguageModel {
        try checkpoint.languageModel()
    }

    /// A text longer than the maximum is several rows, each of which begins with the last token before it.
    public func rows(of example: Example) throws(TaskError) -> [TaskRow<[Int32]>] {
        func ids(_ text: String) -> [Int32] {
            tokenizer.encode(text, pair: nil, maximumLength: 1 << 30).ids
        }
        var all = ids(example.text)
        var firstAsked = 1
        switch example.target {
        case nil: break
        case .continuation(let text):
            firstAsked = max(1, all.count)
            all += ids(text) + (endTokenID.map { [$0] } ?? [])
        default: throw .wrongTarget(kind, needs: "a continuation, or no target at all")
        }
        guard all.count > 1 else { return [] }
        return stride(from: 0, to: all.count - 1, by: maximumLength - 1).compactMap { start in
            let end = min(start + maximumLength, all.count)
            var encoding = Encoding()
            encoding.ids = Array(all[start..<end])
            encoding.typeIDs = encoding.ids.map { _ in 0 }
            let next = (start..<end).map { $0 + 1 < end && $0 + 1 >= firstAsked ? all[$0 + 1] : -1 }
            return next.contains { $0 >= 0 } ? TaskRow(encoding, next) : nil
        }
    }

    public func loss(
        _ logits: Matrix, _ batch: TokenBatch, _ truths: [[Int32]], smoothing: Float
    ) -> (loss: Double, gradient: Matrix) {
        let (loss, gradient, _) = NextTokenCrossEntropy.lossAndGradient(logits, next: truths.flatMap { $0 })
        return (loss, gradient)
    }

    public func answer(_ example: Example, _ rows: [TaskRow<[Int32]>], logits: [Matrix]) -> Answer {
        var answer = Answer(tokens: 0, nats: 0)
        for (row, logits) in zip(rows, logits) {
            let losses = NextTokenCrossEntropy.lossAndGradient(logits, next: row.truth).losses
            answer.nats += losses.reduce(0, +)
            answer.tokens += row.truth.count { $0 >= 0 }
        }
        return answer
    }

    /// 1 − the geometric mean of the tokens' probabilities.
    public func boundedLoss(_ answer: Answer, _ example: Example) -> Double { 1 - 1 / answer.perplexity }

    /// Of all tokens, not the mean of the texts'.
    public func headline(_ answers: [Answer], _ examples: [Example]) -> Double {
        Answer(
            tokens: answers.reduce(0) { $0 + $1.tokens }, nats: answers.reduce(0) { $0 + $1.nats }
        ).perplexity
    }

    /// No text goes on as all others do.
    public func constantScore(over examples: [Example]) -> Double { 0 }
}
