import Synchronization

/// Counts what was served since the daemon started; one lock, no allocation on the way of a request.
public final class ServingStatistics: Sendable {
    /// A copy of all counts at one moment.
    public struct Snapshot: Sendable {
        public var requests = 0
        public var texts = 0
        public var tokens = 0
        /// Requests that were turned away because the queue was full or moved too slowly.
        public var refused = 0
        /// Requests that ended in an error of ours.
        public var failed = 0
        public var batches = 0
        public var batchTokens = 0
        /// Texts a second over the last minute; `nil` before any time has passed.
        public var textsPerSecond: Double?
        public var total = LatencyHistogram()
        public var tokenize = LatencyHistogram()
        public var queue = LatencyHistogram()
        public var infer = LatencyHistogram()
    }

    private struct Counts: Sendable {
        var snapshot = Snapshot()
        var texts = MinuteRate()
    }

    private let counts = Mutex(Counts())
    private let begun = ContinuousClock.now

    public init() {}

    public var snapshot: Snapshot {
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        return counts.withLock {
            var snapshot = $0.snapshot
            snapshot.textsPerSecond = $0.texts.perSecond(after: seconds)
            return snapshot
        }
    }

    func answered(texts: Int, tokens: Int, _ timing: PredictionReply.Timing, in total: Duration) {
        let second = Int((ContinuousClock.now - begun) / .seconds(1))
        counts.withLock {
            $0.texts.add(texts, in: second)
            $0.snapshot.requests += 1
            $0.snapshot.texts += texts
            $0.snapshot.tokens += tokens
            $0.snapshot.total.record(total)
            $0.snapshot.tokenize.record(timing.tokenize)
            $0.snapshot.queue.record(timing.queue)
            $0.snapshot.infer.record(timing.infer)
        }
    }

    func ran(texts: Int, tokens: Int) {
        counts.withLock {
            $0.snapshot.batches += 1
            $0.snapshot.batchTokens += tokens
        }
    }

    func refused() {
        counts.withLock { $0.snapshot.refused += 1 }
    }

    /// Counts a request that could not be answered through no fault of its client.
    public func failed() {
        counts.withLock { $0.snapshot.failed += 1 }
    }
}
