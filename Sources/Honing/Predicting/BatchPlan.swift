/// What may enter one batch, decided from sizes alone.
///
/// There is no timer. Whenever the model is free it takes what has waited longest, as long as the
/// sum of tokens stays within the budget: alone when traffic is light, in company when it is heavy.
/// (The rule of text-embeddings-inference, `core/src/queue.rs`, for ragged batches.)
public struct BatchPlan: Sendable, Equatable {
    /// The most tokens that one batch may hold.
    public var tokenBudget: Int
    /// The most texts that one batch may hold.
    public var textBudget: Int

    public init(tokenBudget: Int = 16_384, textBudget: Int = 256) {
        self.tokenBudget = tokenBudget
        self.textBudget = textBudget
    }

    /// One request as the plan sees it.
    public struct Item: Sendable, Equatable {
        public var tokens: Int
        public var texts: Int
        /// Requests for different model versions never share a batch.
        public var version: Int
        /// Nor do requests for different work.
        public var work: BatchWork

        public init(tokens: Int, texts: Int, version: Int, work: BatchWork = .predict) {
            self.tokens = tokens
            self.texts = texts
            self.version = version
            self.work = work
        }
    }

    /// How many requests from the head of the queue form the next batch.
    ///
    /// The first always fits, however large it is: its size was limited when it came in.
    public func count(of queue: some Collection<Item>) -> Int {
        guard let first = queue.first else { return 0 }
        var tokens = 0
        var texts = 0
        var count = 0
        for item in queue {
            tokens += item.tokens
            texts += item.texts
            let fits =
                tokens <= tokenBudget && texts <= textBudget
                && item.version == first.version && item.work == first.work
            guard fits || count == 0 else { break }
            count += 1
        }
        return count
    }
}
