import Corpus
public import ServiceLifecycle
import Synchronization
import Tensors
import Tokenizers
import Transformers

/// What one batch gave to one request.
public struct BatchAnswer: Sendable {
    /// One for each of its texts, in their order.
    public let results: [BatchWork.Result]
    public let waited: Duration
    public let inferred: Duration
}

/// Answers texts with the live model: tokenizes in the caller's task, waits its turn, runs batch by
/// batch on one compute thread.
public final class Predictor: Service, Sendable {
    /// Who is asking. See `RequestQueue`.
    public enum Lane: Sendable { case serving, background }

    public let slot: ModelSlot
    public let statistics = ServingStatistics()
    /// Where batches run, one after another.
    package let compute: ComputeThread
    private let plan: BatchPlan
    private let queueLimit: Int
    private let queueTimeout: Duration
    private let queue = Mutex(RequestQueue())
    private let nextID = Atomic<UInt64>(0)
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - queueLimit: how many texts of clients may wait before new ones are refused.
    ///   - queueTimeout: how long a client's request may wait for its turn.
    public init(
        slot: ModelSlot, plan: BatchPlan = BatchPlan(), queueLimit: Int = 512,
        queueTimeout: Duration = .seconds(10)
    ) {
        self.slot = slot
        self.plan = plan
        self.queueLimit = queueLimit
        self.queueTimeout = queueTimeout
        compute = ComputeThread(label: "honed.compute")
        (wake, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How many texts of clients wait now.
    public var queueDepth: Int { queue.withLock { $0.servingDepth } }

    /// How long the client who waits longest has waited by now; `nil` where nobody does.
    var longestWait: Duration? { queue.withLock { $0.oldest }.map { ContinuousClock.now - $0 } }

    // MARK: Asking

    /// Predicts texts for a client: counted, and refused when the queue is full.
    ///
    /// - Parameters:
    ///   - requestID: decides whether a canary answers.
    ///   - version: the version that shall answer, whatever is live; `nil` for whichever does.
    /// - Throws: `PredictionError`; because of what the texts contain only where the model answers questions,
    ///   and there is none.
    public func predict(
        _ inputs: [TextInput], requestID: String = "", version: Int? = nil
    ) async throws -> PredictionReply {
        let model = try model(of: version, requestID)
        try refuseIfFull(adding: inputs.count)
        let begun = ContinuousClock.now
        let reply = try await predict(inputs, with: model, lane: .serving)
        statistics.answered(
            texts: reply.count, tokens: reply.tokens, reply.timing, in: ContinuousClock.now - begun)
        return reply
    }

    func model(of version: Int?, _ requestID: String) throws(PredictionError) -> LiveModel {
        guard let live = slot.model(forRequest: requestID) else { throw .noModel }
        guard let version else { return live }
        guard let pinned = slot.model(of: version) else {
            throw .versionNotLoaded(version, loaded: slot.loaded.map(\.version))
        }
        return pinned
    }

    /// Predicts texts with a given model, live or not: how rows are scored and challengers judged.
    public func predict(
        _ inputs: [TextInput], with model: LiveModel, lane: Lane
    ) async throws -> PredictionReply {
        let begun = ContinuousClock.now
        let asked = try inputs.map { try model.served.ask($0) }
        let tokenized = ContinuousClock.now - begun
        let answer = try await enqueue(asked.flatMap(\.encodings), model, lane)
        return PredictionReply(
            modelVersion: model.version, task: model.served.kind, labels: model.labelNames,
            answers: asked.answers(answer.results.compactMap(\.logits)),
            sizes: asked.map { TextSize($0.encodings) },
            timing: .init(tokenize: tokenized, queue: answer.waited, infer: answer.inferred))
    }

    /// What the network says to a text, as numbers. In the background lane.
    func logits(of input: TextInput, with model: LiveModel) async throws -> [Float] {
        let asked = try model.served.ask(input)
        return try await enqueue(asked.encodings, model, .background).results.compactMap(\.logits)
            .flatMap(\.values)
    }

    /// Sends one text through queue, thread and network, whatever the model's task is.
    func beat(_ model: LiveModel) async throws {
        _ = try await enqueue([model.served.encoder.encode("beat", pair: nil)], model, .serving)
    }

    func refuseIfFull(adding count: Int) throws(PredictionError) {
        let depth = queueDepth
        guard depth + count <= queueLimit || depth == 0 else {
            statistics.refused()
            throw .overloaded(queued: depth, limit: queueLimit, retryAfterSeconds: 1)
        }
    }

    func enqueue(
        _ encodings: [Encoding], _ model: LiveModel, _ lane: Lane, _ work: BatchWork = .predict
    ) async throws -> BatchAnswer {
        let id = nextID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                let request = WaitingRequest(
                    id: id, model: model, work: work, encodings: encodings,
                    tokens: encodings.reduce(0) { $0 + $1.ids.count }, since: .now, answer: answer)
                let refusal: PredictionError? = queue.withLock { queue in
                    guard !queue.isClosed else { return .shuttingDown }
                    // Cancelled before it was queued: the handler below has found nothing to remove.
                    guard !Task.isCancelled else { return .abandoned }
                    queue.append(request, to: lane)
                    return nil
                }
                if let refusal { answer.resume(throwing: refusal) } else { waker.yield() }
            }
        } onCancel: {
            queue.withLock { $0.remove(id) }?.answer.resume(throwing: PredictionError.abandoned)
        }
    }

    // MARK: Answering

    /// Serves batches until the daemon stops; whoever still waits then is told so.
    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.turnAwayTheLate() }
            await withGracefulShutdownHandler {
                for await _ in wake.cancelOnGracefulShutdown() {
                    while case let batch = queue.withLock({ $0.takeBatch(plan) }), !batch.isEmpty {
                        await serve(batch)
                    }
                }
            } onGracefulShutdown: { [waker] in
                waker.finish()
            }
            group.cancelAll()
        }
        for request in queue.withLock({ $0.close() }) {
            request.answer.resume(throwing: PredictionError.shuttingDown)
        }
    }

    /// Answers whoever has waited too long, also while a batch takes its time. Looks ten times
    /// within the limit, so that nobody waits longer than a tenth more.
    private func turnAwayTheLate() async {
        for await _ in AsyncStream<Void>.every(queueTimeout / 10) {
            for request in queue.withLock({ $0.expire(since: ContinuousClock.now - queueTimeout) }) {
                statistics.refused()
                let seconds = max(1, Int(queueTimeout / .seconds(1)))
                request.answer.resume(
                    throwing: PredictionError.timedOut(limit: queueTimeout, retryAfterSeconds: seconds))
            }
        }
    }

    private func serve(_ batch: [WaitingRequest]) async {
        let clock = ContinuousClock()
        let (model, work) = (batch[0].model.served, batch[0].work)
        let encodings = batch.flatMap(\.encodings)
        let begun = clock.now
        let results = await compute.run { work.results(of: encodings, by: model) }
        let inferred = clock.now - begun
        statistics.ran(texts: encodings.count, tokens: batch.reduce(0) { $0 + $1.tokens })
        var rest = results[...]
        for request in batch {
            let own = Array(rest.prefix(request.encodings.count))
            rest = rest.dropFirst(own.count)
            request.answer.resume(
                returning: BatchAnswer(results: own, waited: begun - request.since, inferred: inferred))
        }
    }
}
