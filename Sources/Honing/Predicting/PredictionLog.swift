public import Logging
public import ServiceLifecycle
public import Store

/// Writes served predictions to the store in batches, off the way of the replies.
///
/// A prediction that was not written yet is lost with the process: it is an observation, not a
/// promise. When the store cannot be written (a full disk), serving goes on and the newest
/// `capacity` predictions wait for space.
public actor PredictionLog: Service {
    private let store: Database
    private let log: Logger
    private let interval: Duration
    private let capacity: Int
    private var waiting: [StoredPrediction] = []
    private var isFailing = false
    /// Predictions that were given but could not be kept.
    public private(set) var dropped = 0

    public init(
        store: Database, log: Logger, interval: Duration = .milliseconds(250), capacity: Int = 16_384
    ) {
        self.store = store
        self.log = log
        self.interval = interval
        self.capacity = capacity
    }

    public func append(_ predictions: [StoredPrediction]) {
        waiting += predictions
        let excess = waiting.count - capacity
        if excess > 0 {
            waiting.removeFirst(excess)
            dropped += excess
        }
    }

    /// Writes what waits. Feedback by request id calls this first, so that it finds its prediction.
    public func flush() async {
        guard !waiting.isEmpty else { return }
        let batch = waiting
        waiting = []
        do {
            try await store.insert(predictions: batch)
            if isFailing { log.notice("predictions are written again") }
            isFailing = false
        } catch {
            waiting = batch + waiting
            if !isFailing { log.error("predictions cannot be written and wait in memory: \(error)") }
            isFailing = true
        }
    }

    public func run() async throws {
        let ticks = AsyncStream<Void>.every(interval)
        for await _ in ticks.cancelOnGracefulShutdown() { await flush() }
        await flush()
    }
}
