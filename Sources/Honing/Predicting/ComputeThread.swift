import Dispatch

/// A place outside the cooperative pool where long synchronous work runs, one piece at a time.
///
/// Matrix products and checkpoint loading take milliseconds to seconds. On the cooperative pool,
/// which has as many threads as cores, two of them would stop every other task of the daemon;
/// here they delay only what waits for the same thread.
public actor ComputeThread {
    private nonisolated let executor: QueueExecutor

    public init(label: String) {
        executor = QueueExecutor(label: label)
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Runs `body` to its end, after everything that was asked for before it.
    public func run<Result: Sendable>(_ body: @Sendable () throws -> Result) rethrows -> Result {
        try body()
    }
}

/// A serial dispatch queue seen as an executor.
private final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The queue is serial, so no two jobs of the actor overlap: what `SerialExecutor` asks for.
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
