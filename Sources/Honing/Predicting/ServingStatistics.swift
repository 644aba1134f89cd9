import Synchronization

/// Counts what was served since the daemon started; one lock, no allocation on the way of a request.
public final class ServingStatistics: Sendable {
    /// A copy of all counts at one moment.
    public struct Snapshot: Sendable {
        public var requests = 0
        public var texts = 0
        public var tokens = 0
        /// Requests that were turned away because the queue was full.
        public var refused = 0
        /// Requests that ended in an error of ours.
        public var failed = 0
        public var batches = 0
        public var batchTokens = 0
        public var total = LatencyHistogram()
        public var tokenize = LatencyHistogram()
        public var queue = LatencyHistogram()
        public var infer = LatencyHistogram()
    }

    private let counts = Mutex(Snapshot())

    public init() {}

    public var snapshot: Snapshot { counts.withLock { $0 } }

    func answered(_ reply: PredictionReply, in total: Duration) {
        counts.withLock {
            $0.requests += 1
            $0.texts += reply.predictions.count
            $0.tokens += reply.tokens
            $0.total.record(total)
            $0.tokenize.record(reply.timing.tokenize)
            $0.queue.record(reply.timing.queue)
            $0.infer.record(reply.timing.infer)
        }
    }

    func ran(texts: Int, tokens: Int) {
        counts.withLock {
            $0.batches += 1
            $0.batchTokens += tokens
        }
    }

    func refused() {
        counts.withLock { $0.refused += 1 }
    }

    /// Counts a request that could not be answered through no fault of its client.
    public func failed() {
        counts.withLock { $0.failed += 1 }
    }
}
