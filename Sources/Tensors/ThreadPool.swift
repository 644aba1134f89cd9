import Glibc
import Synchronization

/// The only threads that compute: one for each processor that this process may use, the caller
/// being the first of them.
///
/// Work comes in pieces of tens of microseconds, so a worker that has nothing to do spins for about
/// as long before it sleeps. Which thread takes which piece is chance; no result depends on it.
public final class ThreadPool: Sendable {
    /// As many threads as `HONE_THREADS` says, or else as the scheduler and the cgroup allow.
    public static let shared = ThreadPool(threads: Processors.available())

    public let threads: Int
    private let crew: Crew?
    /// Set while a call uses the workers; another caller then computes alone.
    private let isBusy = Atomic(false)

    public init(threads: Int) {
        self.threads = max(1, threads)
        crew = threads > 1 ? Crew(workers: threads - 1) : nil
    }

    deinit {
        crew?.dismiss()
    }

    /// Runs `body(0)` … `body(count - 1)`, each once, in any order, and returns when all are done.
    ///
    /// A call from within `body`, or beside a call of another thread, runs its pieces one by one.
    public func parallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
        guard count > 1, let crew,
            isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            for index in 0..<count { body(index) }
            return
        }
        defer { isBusy.store(false, ordering: .releasing) }
        withoutActuallyEscaping(body) { crew.run(count, $0) }
    }

    /// Runs `body` on each range of a partition of `0..<count` into pieces of about equal length,
    /// whose borders are multiples of `multiple`.
    public func parallelRanges(_ count: Int, multiple: Int = 1, _ body: @Sendable (Range<Int>) -> Void) {
        let units = (count + multiple - 1) / multiple
        let pieces = min(units, threads * 2)
        guard pieces > 1 else { return count > 0 ? body(0..<count) : () }
        parallel(pieces) { piece in
            let first = units * piece / pieces * multiple
            body(first..<min(count, units * (piece + 1) / pieces * multiple))
        }
    }
}

/// The worker threads and the call that they work on.
private final class Crew: Sendable {
    /// One call of `parallel`. Lives until the last worker has left it.
    private final class Call: Sendable {
        let count: Int
        let body: @Sendable (Int) -> Void
        let next = Atomic(0)
        let finished = Atomic(0)

        init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.count = count
            self.body = body
        }

        /// Takes pieces until none is left.
        func work() {
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                body(index)
                finished.add(1, ordering: .releasing)
            }
        }
    }

    private struct Board {
        var call: Call?
        var isDismissed = false
    }

    private let workers: Int
    private let board = Mutex(Board())
    /// Grows with every call: what spinning workers look at, and sleeping ones wait for.
    private let generation = Atomic<UInt32>(0)
    private let sleepers = Atomic(0)
    private let bed = Semaphore()
    /// Workers that may still hold the call of the last generation.
    private let active = Atomic(0)

    init(workers: Int) {
        self.workers = workers
        for _ in 0..<workers {
            var thread = pthread_t()
            let box = unsafe Unmanaged.passRetained(self)
            let status = unsafe pthread_create(
                &thread, nil,
                { context in
                    let crew = unsafe Unmanaged<Crew>.fromOpaque(context!).takeRetainedValue()
                    crew.live()
                    return nil
                }, box.toOpaque())
            if status == 0 { pthread_detach(thread) } else { unsafe box.release() }
        }
    }

    func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let call = Call(count, body)
        board.withLock { $0.call = call }
        generation.add(1, ordering: .sequentiallyConsistent)
        bed.signal(sleepers.load(ordering: .sequentiallyConsistent))
        call.work()
        // The pieces that others took are about as long as ours: they end now.
        var spins = 0
        while call.finished.load(ordering: .acquiring) < count {
            spins += 1
            if spins > 2_000 { sched_yield() }
        }
        board.withLock { $0.call = nil }
        // A worker that has just fetched the call finds no piece left, but must not keep the body.
        while active.load(ordering: .acquiring) > 0 { sched_yield() }
    }

    func dismiss() {
        board.withLock { $0.isDismissed = true }
        generation.add(1, ordering: .sequentiallyConsistent)
        bed.signal(workers)
    }

    /// Works on the call that stands on the board. Has let go of its body when it returns, which is
    /// why it is a function that is never inlined: the caller of `parallel` waits for just that.
    @inline(never)
    private func help() -> Bool {
        let (call, isDismissed) = board.withLock { ($0.call, $0.isDismissed) }
        call?.work()
        return isDismissed
    }

    private func live() {
        var seen: UInt32 = 0
        while true {
            waitForChange(from: seen)
            seen = generation.load(ordering: .acquiring)
            active.add(1, ordering: .sequentiallyConsistent)
            let isDismissed = help()
            active.subtract(1, ordering: .releasing)
            if isDismissed { return }
        }
    }

    /// Spins for about 30 µs, then sleeps until the generation is another.
    private func waitForChange(from seen: UInt32) {
        for _ in 0..<20_000 where generation.load(ordering: .acquiring) != seen { return }
        sleepers.add(1, ordering: .sequentiallyConsistent)
        // Whoever changes the generation looks at the sleepers afterwards: one of us sees the other.
        while generation.load(ordering: .sequentiallyConsistent) == seen { bed.wait() }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
    }
}

/// A counting semaphore of the system.
///
/// `@unchecked Sendable`: `sem_post` and `sem_wait` are made to be called from any thread, and the
/// memory lives as long as this object.
@safe private final class Semaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { unsafe sem_init(semaphore, 0, 0) }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func signal(_ times: Int) {
        for _ in 0..<times { unsafe sem_post(semaphore) }
    }

    func wait() { unsafe sem_wait(semaphore) }
}
