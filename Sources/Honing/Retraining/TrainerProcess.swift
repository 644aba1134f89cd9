import Foundation

/// Turns this process into the daemon's trainer: it takes only what others leave.
///
/// A trainer whose daemon is gone works for nobody: see `isOrphaned`.
///
/// - Important: call before anything starts a thread; the thread pool reads `HONE_THREADS` once.
public func becomeTrainer(_ plan: TrainingPlan) {
    // Where memory runs out, the kernel shall end the trainer and not the daemon.
    try? "900".write(toFile: "/proc/self/oom_score_adj", atomically: false, encoding: .utf8)
    // Linux schedules threads, not processes: those that run already are told one by one, those to
    // come inherit it. Serving preempts a SCHED_IDLE thread at once, which nice does not promise.
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    for thread in threads.compactMap(Int32.init) {
        var parameters = sched_param()
        unsafe sched_setscheduler(thread, schedulingIdle, &parameters)
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(thread), 19)
    }
    if let threads = plan.threads { unsafe setenv("HONE_THREADS", "\(threads)", 1) }
    if let bytes = plan.memoryLimit {
        var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }
}

/// `SCHED_IDLE` of `<linux/sched.h>`, which Glibc's module does not show to Swift.
private let schedulingIdle: Int32 = 5

/// Whether the daemon that started this process is gone. Asked at every step, so that a trainer
/// outlives its daemon by a fraction of a second.
public struct Parentage: Sendable {
    private let parent = getppid()

    public init() {}

    public var isOrphaned: Bool { getppid() != parent }
}
