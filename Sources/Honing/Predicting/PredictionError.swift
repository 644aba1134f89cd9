public import Corpus

/// Why a prediction was not given.
public enum PredictionError: Error, Equatable, CustomStringConvertible {
    /// No version has been promoted yet.
    case noModel
    /// The client asks for a version that is not in memory.
    case versionNotLoaded(Int, loaded: [Int])
    /// What was sent is nothing for the live model's task, which needs something else.
    case otherInput(TaskKind, _ needs: String)
    /// The queue is full; the client should come back after `retryAfterSeconds`.
    case overloaded(queued: Int, limit: Int, retryAfterSeconds: Int)
    /// Its turn did not come within the limit; the client should come back after `retryAfterSeconds`.
    case timedOut(limit: Duration, retryAfterSeconds: Int)
    /// The client hung up before its turn.
    case abandoned
    /// The daemon is stopping.
    case shuttingDown

    public var description: String {
        switch self {
        case .noModel:
            "no model is live yet: import one with `hone import FOLDER`"
        case .versionNotLoaded(let version, let loaded):
            "version \(version) is not loaded: x-model-version may be "
                + "\(loaded.map(String.init).joined(separator: " or ")), or left out"
        case .otherInput(let task, let needs):
            "the model's task is \(task.rawValue), which takes \(needs)"
        case .overloaded(let queued, let limit, let seconds):
            "\(queued) of \(limit) places in the queue are taken: try again in \(seconds) s, "
                + "or raise server.limits.queue"
        case .timedOut(let limit, let seconds):
            "the request waited \(span(limit / .seconds(1))) in the queue and its turn did not come: "
                + "try again in \(seconds) s, or raise server.limits.queue_timeout"
        case .abandoned:
            "the request was abandoned by its client"
        case .shuttingDown:
            "the daemon is stopping: send the request again when it is back"
        }
    }
}
