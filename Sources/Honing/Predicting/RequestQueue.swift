import Tokenizers

/// A request that was tokenized and waits for the model.
struct WaitingRequest: Sendable {
    let id: UInt64
    let model: LiveModel
    let work: BatchWork
    let encodings: [Encoding]
    let tokens: Int
    let since: ContinuousClock.Instant
    let answer: CheckedContinuation<BatchAnswer, any Error>

    var size: BatchPlan.Item {
        BatchPlan.Item(tokens: tokens, texts: encodings.count, version: model.version, work: work)
    }
}

/// Two lanes of waiting requests: people first, then the daemon's own work.
///
/// Scoring labelled rows and judging challengers use the same model thread as clients. They travel
/// in the background lane, which moves only when no client waits.
struct RequestQueue: Sendable {
    private var serving: [WaitingRequest] = []
    private var background: [WaitingRequest] = []
    private(set) var isClosed = false

    /// How many texts of clients wait.
    var servingDepth: Int { serving.reduce(0) { $0 + $1.encodings.count } }
    /// Since when the client who waits longest does.
    var oldest: ContinuousClock.Instant? { serving.first?.since }
    var isEmpty: Bool { serving.isEmpty && background.isEmpty }

    mutating func append(_ request: WaitingRequest, to lane: Predictor.Lane) {
        switch lane {
        case .serving: serving.append(request)
        case .background: background.append(request)
        }
    }

    /// Takes the next batch out of the lane whose turn it is.
    mutating func takeBatch(_ plan: BatchPlan) -> [WaitingRequest] {
        if !serving.isEmpty { return Self.take(plan, from: &serving) }
        return Self.take(plan, from: &background)
    }

    /// Takes out one request whose client went away; `nil` where it is being computed already.
    mutating func remove(_ id: UInt64) -> WaitingRequest? {
        if let index = serving.firstIndex(where: { $0.id == id }) { return serving.remove(at: index) }
        if let index = background.firstIndex(where: { $0.id == id }) { return background.remove(at: index) }
        return nil
    }

    /// Takes out the clients' requests that have waited since `moment` or longer: the oldest stand first.
    mutating func expire(since moment: ContinuousClock.Instant) -> [WaitingRequest] {
        let expired = Array(serving.prefix { $0.since <= moment })
        serving.removeFirst(expired.count)
        return expired
    }

    /// Lets nothing more in and hands out what still waits.
    mutating func close() -> [WaitingRequest] {
        isClosed = true
        defer {
            serving = []
            background = []
        }
        return serving + background
    }

    private static func take(_ plan: BatchPlan, from lane: inout [WaitingRequest]) -> [WaitingRequest] {
        let count = plan.count(of: lane.lazy.map(\.size))
        defer { lane.removeFirst(count) }
        return Array(lane.prefix(count))
    }
}
