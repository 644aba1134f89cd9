import Corpus
import Drift
import Foundation
import Ingest
public import Logging
public import ServiceLifecycle
public import Store
import Synchronization
import Transformers

/// The whole loop: serve, score what comes in, watch, retrain, promote. The server and the
/// control socket speak to this and to nothing below it.
public final class Loop: Sendable {
    public let predictor: Predictor
    public let modelName: String
    public let store: Database
    let registry: ModelRegistry
    let monitor: DriftMonitor
    package let promoter: Promoter
    package let rollout: Rollout
    let retrainer: Retrainer
    let intake: Intake
    let scorer: Scorer
    let predictionLog: PredictionLog
    package let janitor: Janitor
    let alerter: Alerter
    let log: Logger
    let startedAt = Date()
    let configuration: Mutex<HonedConfiguration>

    /// Opens the store, puts the live model back in its place, and readies everything to run.
    ///
    /// - Parameters:
    ///   - trainer: how a run directory is trained.
    /// - Throws: `StoreError` when the data directory cannot be used.
    public static func open(
        _ configuration: HonedConfiguration, trainer: @escaping Retrainer.Trainer, log: Logger
    ) async throws -> Loop {
        let places = DataDirectory(configuration.dataDirectory)
        try places.create()
        let store = try Database.open(at: places.database)
        let loop = try Loop(configuration, places: places, store: store, trainer: trainer, log: log)
        for run in try await store.interruptedRuns(at: Date()) {
            log.warning("run \(run.id ?? 0) was interrupted when the daemon stopped and is marked failed")
        }
        try loop.registry.sweepOrphans(known: Set(try await store.versions().map(\.version)))
        try await loop.promoter.restore()
        try await loop.rollout.restore()
        if loop.predictor.slot.current == nil {
            log.warning("no model is live yet: import one with `hone import FOLDER`")
        }
        return loop
    }

    private init(
        _ configuration: HonedConfiguration, places: DataDirectory, store: Database,
        trainer: @escaping Retrainer.Trainer, log: Logger
    ) throws {
        self.configuration = Mutex(configuration)
        self.store = store
        self.log = log
        modelName = configuration.model.name
        registry = try ModelRegistry(root: places.registry)
        predictor = Predictor(
            slot: ModelSlot(), plan: BatchPlan(tokenBudget: configuration.server.limits.tokensPerBatch),
            queueLimit: configuration.server.limits.queue,
            queueTimeout: configuration.server.limits.queueTimeout)
        predictionLog = PredictionLog(store: store, log: log)
        monitor = DriftMonitor(store: store, settings: configuration.watching, log: log)
        promoter = Promoter(
            store: store, registry: registry, slot: predictor.slot, monitor: monitor,
            precision: configuration.server.precision, cache: ServingCache(folder: places.compiled),
            log: log)
        rollout = Rollout(
            store: store, predictor: predictor, promoter: promoter,
            settings: .init(configuration.retraining.rollout), log: log)
        let retrainer = Retrainer(
            store: store, registry: registry, predictor: predictor, promoter: promoter, rollout: rollout,
            monitor: monitor,
            folder: places.runs, features: places.features, settings: .init(configuration), train: trainer,
            log: log)
        self.retrainer = retrainer
        let scorer = Scorer(
            store: store, predictor: predictor, monitor: monitor, rollout: rollout, log: log
        ) { _ in
            do {
                try await retrainer.consider()
            } catch {
                log.error("whether to retrain could not be decided: \(error)")
            }
        }
        self.scorer = scorer
        let slot = predictor.slot
        intake = Intake(
            sources: configuration.sources.map(Source.init), store: store,
            fetcher: Fetcher(logger: log, userAgent: "honed/\(honeVersion)"), log: log,
            live: { slot.current }, arrived: { scorer.rowsArrived() })
        janitor = Janitor(
            store: store, registry: registry, settings: configuration.retention, runs: places.runs, log: log)
        let monitor = monitor
        alerter = Alerter(
            store: store, settings: configuration.alerts, modelName: configuration.model.name,
            home: configuration.server.home, folder: places.alerts, log: log,
            client: WebClient(userAgent: "honed/\(honeVersion)"),
            report: { now in
                try await ReportReader(store, configuration).report(watch: await monitor.watch, at: now)
            })
    }

    /// Everything that runs as long as the daemon does, first to last; stopped in reverse.
    public var services: [any Service] {
        [alerter, predictor, predictionLog, janitor, rollout, retrainer, scorer, intake]
    }

    /// Where database, versions and runs lie.
    package var dataDirectory: String { configuration.withLock { $0.dataDirectory } }

    /// How many tokens a batch may hold.
    public var batchTokens: Int { configuration.withLock { $0.server.limits.tokensPerBatch } }

    // MARK: Serving

    /// Answers texts and remembers the answers.
    ///
    /// - Parameter version: the loaded version that shall answer; `nil` for whichever does.
    public func predict(
        _ inputs: [TextInput], requestID: String, version: Int? = nil
    ) async throws -> PredictionReply {
        let reply = try await predictor.predict(inputs, requestID: requestID, version: version)
        await predictionLog.append(Self.records(inputs, reply, requestID, at: Date()))
        rollout.answered(inputs, reply, requestID: requestID)
        return reply
    }

    private static func records(
        _ inputs: [TextInput], _ reply: PredictionReply, _ requestID: String, at now: Date
    ) -> [StoredPrediction] {
        inputs.indices.map { item in
            let answer = reply.answers[item]
            return StoredPrediction(
                requestID: requestID, item: item, modelVersion: reply.modelVersion, text: inputs[item].text,
                pair: inputs[item].pair, label: answer.name(reply.task), confidence: answer.confidence,
                probabilities: answer.probabilities, tokens: reply.sizes[item].tokens,
                unknownTokens: reply.sizes[item].unknownTokens, createdAt: now)
        }
    }

    /// Whether queue, compute thread and model still work together; true while no model is live.
    public func isAlive() async -> Bool {
        guard let model = predictor.slot.current else { return true }
        return (try? await predictor.beat(model)) != nil
    }

    /// Takes labels in. When it returns, the accepted ones are on the disk.
    public func feedback(_ items: [FeedbackItem]) async throws -> [FeedbackResult] {
        // An answer given a moment ago may still wait to be written.
        if items.contains(where: \.isAboutAnswer) { await predictionLog.flush() }
        let live = predictor.slot.current?.served
        let outcomes = try await ControlError.answering {
            try await store.recordFeedback(items.map(\.stored), at: Date()) { row in
                row.target?.problem(of: row.text, pair: row.pair) ?? live?.objection(to: row)
            }
        }
        if outcomes.contains(where: \.isAccepted) { scorer.rowsArrived() }
        return outcomes.map(FeedbackResult.init)
    }
}
