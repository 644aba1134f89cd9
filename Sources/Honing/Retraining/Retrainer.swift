import Corpus
import Drift
public import Foundation
public import Logging
public import ServiceLifecycle
public import Store
import Synchronization
import Training
import Transformers

/// Carries a retrain from its trigger to a promoted or refused challenger. One run at a time.
public actor Retrainer: Service {
    /// Trains a run directory: a child process in the daemon, the trainer itself in tests.
    /// The closure is told the child's process identifier.
    public typealias Trainer =
        @Sendable (RunDirectory, _ started: @Sendable (Int32) -> Void) async throws -> Void

    let store: Database
    let registry: ModelRegistry
    let predictor: Predictor
    let promoter: Promoter
    let rollout: Rollout
    private let monitor: DriftMonitor
    let folder: String
    /// Where frozen encoders keep what they made of texts.
    let features: String
    private let train: Trainer
    let log: Logger
    let now: @Sendable () -> Date
    var settings: Settings
    private var life = Life.idle
    /// The trainer, while there is one, and the processor time that it was last seen to have used.
    private var process: Int32?
    private var processSeconds = 0.0
    /// Processor time of the trainers of this run that have ended, in seconds.
    private(set) var spentSeconds = 0.0
    /// Why there is no run now, or what the one under way is for.
    public internal(set) var decision = "watching: no labelled row has come in since the daemon started"
    private let (orders, ordered) = AsyncStream<Order>.makeStream(bufferingPolicy: .bufferingOldest(1))

    /// What runs are made of; each part is decided elsewhere.
    public struct Settings: Sendable {
        /// Whether runs start by themselves, or only when a person asks.
        var isAutomatic: Bool
        /// Whether runs are only announced.
        var isDryRun: Bool
        var policy: RetrainingPolicy
        var gate: PromotionPolicy
        /// A file of terms that should make no difference; `nil` for none.
        var termsFile: String?
        var ladder: RemedyLadder
        var hygiene: FeedHygiene.Settings
        var selection: TrainingSelection.Settings
        var arguments: TrainingArguments
        /// Processor time in which a training of all weights first looks for better arguments; `nil` for none.
        var searchSeconds: Double?
        var threads: Int?
        var memoryLimit: Int?
        var timeLimit: Duration
        /// How many fresh rows, and how many of the anchor, a trial uses at most: the newest.
        var freshLimit: Int
        /// How long a trained challenger waits for enough fresh rows before it is judged without.
        var freshPatience: Duration
        /// What counts as a change of what is asked.
        var watching: WatchingSettings

        /// Read anew for each trial: whoever edits the list need not tell anybody.
        var terms: TermSwaps? { get throws { try termsFile.map(TermSwaps.init(contentsOfFile:)) } }
    }

    private enum Life {
        case idle
        case running(ActiveRun)
        /// A version that a person wants to promote is in the gate.
        case judging(Int)
    }

    /// A run that waits to be carried out.
    struct Order: Sendable {
        var run: TrainingRun
        /// What its challenger must show.
        var purpose: TrialPurpose
        /// Set where an operator wants the promotion whatever the gate says.
        var forced: ForcedPromotion?
        /// Set where an operator wants this remedy and no other.
        var remedy: Remedy?
    }

    /// - Parameters:
    ///   - folder: where run directories lie.
    ///   - features: where frozen encoders keep what they made of texts.
    public init(
        store: Database, registry: ModelRegistry, predictor: Predictor, promoter: Promoter,
        rollout: Rollout, monitor: DriftMonitor, folder: String, features: String,
        settings: Settings, train: @escaping Trainer,
        log: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.registry = registry
        self.predictor = predictor
        self.promoter = promoter
        self.rollout = rollout
        self.monitor = monitor
        self.folder = folder
        self.features = features
        self.settings = settings
        self.train = train
        self.log = log
        self.now = now
    }

    /// The run under way, with the last that its trainer said.
    public var activeRun: ActiveRun? {
        guard case .running(let run) = life else { return nil }
        return run
    }

    public func apply(_ settings: Settings) {
        self.settings = settings
    }

    // MARK: Asking

    /// Asks the policy whether what is known calls for a run, and starts one if it does.
    public func consider() async throws {
        guard case .idle = life, let watch = await monitor.watch else { return }
        guard settings.isAutomatic else {
            decision = "watching: nothing is trained by itself (retraining.enabled)"
            return
        }
        if let step = await rollout.stepBeforeSwap {
            decision = step
            return
        }
        var evidence = try await store.evidence(for: watch, at: now())
        var verdict = settings.policy.decide(evidence)
        // Only where labels have nothing to say does it matter what the requests look like.
        if case .wait(.nothingToDo) = verdict, evidence.newLabels < settings.policy.minimumNewLabels {
            evidence.shiftedInputs = try await store.unlabelledShifts(
                of: watch, settings: settings.watching, at: now()
            ).map(\.title)
            verdict = settings.policy.decide(evidence)
        }
        switch verdict {
        case .wait(let reason):
            decision = reason.sentence
        case .retrain(let reason) where settings.isDryRun:
            let announcement = "a run would start now, were this no dry run: \(reason.sentence)"
            if decision != announcement { log.notice("\(announcement)") }
            decision = announcement
        case .retrain(let reason):
            _ = try await start(
                trigger: reason.name, reason: reason.sentence, requestedBy: "policy", purpose: reason.purpose)
        }
    }

    /// Starts a run that a person asked for.
    ///
    /// - Returns: the number of the run.
    /// - Throws: `ControlError` when one is under way, nothing is live, or there is nothing to learn from.
    public func request(_ order: RetrainOrder) async throws -> Int64 {
        let reason = order.reason ?? ""
        if order.force, reason.isEmpty { throw ControlError.reasonMissing("--force") }
        let request = ManualRequest(actor: order.requestedBy, reason: reason)
        let remedy = try order.remedy
        // Without an alarm nothing needs mending: the wish is for a refresh that does no harm. A temperature
        // changes no answer, so that harm is all that it could do.
        let hasAlarm = await monitor.watch?.alarm != nil
        return try await start(
            trigger: "manual", reason: RetrainReason.manual(request).sentence, requestedBy: order.requestedBy,
            purpose: hasAlarm && remedy != .temperature ? .benefit : .refresh,
            forced: order.force ? ForcedPromotion(actor: order.requestedBy, reason: reason) : nil,
            remedy: remedy)
    }

    private func start(
        trigger: String, reason: String, requestedBy: String, purpose: TrialPurpose,
        forced: ForcedPromotion? = nil, remedy: Remedy? = nil
    ) async throws -> Int64 {
        switch life {
        case .idle: break
        case .running(let active): throw ControlError.runUnderWay(active.id)
        case .judging(let version): throw ControlError.judging(version)
        }
        guard let live = predictor.slot.current else { throw ControlError.noModel }
        if let remedy, let reason = live.task.objection(to: remedy) {
            throw ControlError.meaningless(remedy.rawValue, reason)
        }
        life = .running(ActiveRun(id: 0, startedAt: now()))
        do {
            let run = try await store.createRun(
                TrainingRun(
                    trigger: trigger, reason: reason, requestedBy: requestedBy, baseVersion: live.version,
                    queuedAt: now(), directory: ""))
            life = .running(ActiveRun(id: run.id!, startedAt: now()))
            decision = "run \(run.id!): \(reason)"
            ordered.yield(Order(run: run, purpose: purpose, forced: forced, remedy: remedy))
            return run.id!
        } catch {
            life = .idle
            throw error
        }
    }

    /// What is known of the live version.
    var watch: DriftWatch? { get async { await monitor.watch } }

    /// Keeps runs away while a version is in the gate.
    func beginJudging(_ version: Int) throws {
        if case .running(let active) = life { throw ControlError.runUnderWay(active.id) }
        if case .judging(let other) = life { throw ControlError.judging(other) }
        life = .judging(version)
    }

    func endJudging() { life = .idle }

    // MARK: Running

    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.carryOutOrders() }
            // Labelled rows make it consider at once; time and requests alone make it do so now and then.
            group.addTask {
                for await _ in AsyncStream<Void>.every(.seconds(60)).cancelOnGracefulShutdown() {
                    await self.considerInTime()
                }
            }
        }
    }

    private func carryOutOrders() async {
        for await order in orders.cancelOnGracefulShutdown() {
            await carryOut(order)
            life = .idle
        }
    }

    private func considerInTime() async {
        do { try await consider() } catch ControlError.runUnderWay {
            // A labelled row came first.
        } catch {
            log.error("whether to retrain could not be decided: \(error)")
        }
    }

    private func carryOut(_ order: Order) async {
        let id = order.run.id!
        spentSeconds = 0
        do {
            try await climb(order)
        } catch {
            let stopped = error is CancellationError
            log.error("run \(id) ended: \(error)")
            decision = "run \(id) failed: \(error)"
            _ = try? await store.finishRun(
                id, state: stopped ? .cancelled : .failed, at: now(),
                error: stopped ? "the daemon stopped" : "\(error)")
        }
    }

    /// Waits for the trainer and keeps its progress in sight; a trainer that takes too long is ended.
    func follow(_ directory: RunDirectory, _ id: Int64) async throws {
        defer {
            process = nil
            spentSeconds += processSeconds
            processSeconds = 0
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let train = train
            let limit = settings.timeLimit
            group.addTask {
                try await train(directory) { process in Task { await self.began(process, id) } }
            }
            group.addTask {
                try await Task.sleep(for: limit)
                throw RetrainError.timeLimit(limit)
            }
            group.addTask {
                await self.letClientsPass(directory)
                try await Task.sleep(for: .seconds(1 << 30))
            }
            group.addTask {
                for await _ in AsyncStream<Void>.every(.milliseconds(500)) {
                    await self.look(at: directory, id)
                }
                try await Task.sleep(for: .seconds(1 << 30))
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        await look(at: directory, id)
    }

    /// A remedy begins: steps are counted anew.
    func began(_ remedy: Remedy, _ id: Int64) async throws {
        life = .running(ActiveRun(id: id, startedAt: now(), level: remedy.rawValue))
        try await store.updateRun(id) {
            ($0.step, $0.totalSteps, $0.loss, $0.developmentAccuracy) = (0, 0, nil, nil)
        }
    }

    private func began(_ process: Int32, _ id: Int64) async {
        self.process = process
        _ = try? await store.updateRun(id) { $0.processID = Int(process) }
    }

    private func look(at directory: RunDirectory, _ id: Int64) async {
        if let process, let seconds = processorSeconds(of: process) {
            processSeconds = max(processSeconds, seconds)
            let total = spentSeconds + processSeconds
            _ = try? await store.updateRun(id) { $0.cpuSeconds = total }
        }
        guard let step = directory.latestProgress(), case .running(var active) = life else { return }
        guard active.progress != step else { return }
        active.progress = step
        life = .running(active)
        _ = try? await store.updateRun(id) {
            $0.step = step.step
            $0.totalSteps = step.totalSteps
            $0.loss = Double(step.loss)
            $0.developmentAccuracy = step.developmentAccuracy ?? $0.developmentAccuracy
        }
    }
}
