package import Drift
public import Foundation
public import Logging
public import ServiceLifecycle
public import Store
import Synchronization

/// Lets versions take over from each other: unseen, then a share of the requests, then all of them, as
/// configured, and watched for harm at each step and after the last.
///
/// What was seen lies in the store, row by row; the evidence is made of it again at every start, so a
/// restart equals no restart.
public actor Rollout: Service {
    public struct Settings: Sendable {
        var policy: RolloutPolicy
        /// The share of requests that both versions answer.
        var sample: Double
    }

    let store: Database
    let predictor: Predictor
    let promoter: Promoter
    let log: Logger
    let now: @Sendable () -> Date
    private(set) var settings: Settings
    var life = Life.idle
    var isMoving = false
    /// What `answered` may look at from outside.
    nonisolated let plan = Mutex<Comparison?>(nil)
    let (samples, sampled) = AsyncStream<Sample>.makeStream(bufferingPolicy: .bufferingOldest(256))

    enum Life {
        case idle
        case comparing(Stretch)
    }

    /// Two versions under comparison.
    struct Stretch {
        var row: StoredRollout
        var evidence: RolloutEvidence

        var id: Int64 { row.id! }
        var stage: RolloutStage { RolloutStage(rawValue: row.stage) ?? .probation }
        /// The version that clients meet, and the one that answers unseen.
        var live: Int { stage == .probation ? row.version : row.against }
        var unseen: Int { stage == .probation ? row.against : row.version }
    }

    public init(
        store: Database, predictor: Predictor, promoter: Promoter, settings: Settings, log: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.predictor = predictor
        self.promoter = promoter
        self.settings = settings
        self.log = log
        self.now = now
    }

    /// Takes other settings over. Evidence that was gathered under another margin is made anew.
    public func apply(_ settings: Settings) async {
        self.settings = settings
        if case .comparing(let stretch) = life { try? await take(up: stretch.row) }
    }

    /// Why nothing is trained now, where a version is on its way to all traffic.
    var stepBeforeSwap: String? {
        guard case .comparing(let stretch) = life, stretch.stage != .probation else { return nil }
        return "version \(stretch.row.version) is in its \(stretch.row.stage) beside version "
            + "\(stretch.row.against), \(counted(stretch.evidence.count, "label")) so far"
    }

    // MARK: Taking over

    /// Lets a version take over that passed the gate: at once, or step by step.
    ///
    /// - Returns: the step that begins; `nil` where the version is live already.
    package func admit(
        _ model: LiveModel, _ act: Promoter.Act, reference: Reference
    ) async throws -> RolloutStage? {
        guard act.kind == .promoted, let first = settings.policy.firstStage,
            let live = predictor.slot.current, live.version != model.version
        else {
            try await swap(to: model, act, reference: reference)
            return nil
        }
        try await begin(first, model, against: live.version, actor: act.actor, runID: act.runID)
        return first
    }

    /// Makes a version live at once, and watches it from then on if it is a new one.
    @discardableResult
    func swap(to model: LiveModel, _ act: Promoter.Act, reference: Reference) async throws -> Promotion {
        let old = predictor.slot.current
        var next: StoredRollout?
        if act.kind == .promoted || act.kind == .forced, settings.policy.probation != nil, let old,
            old.version != model.version
        {
            next = StoredRollout(
                stage: RolloutStage.probation.rawValue, version: model.version, against: old.version,
                // What a person ordered is not taken back by itself.
                isBinding: act.kind == .promoted, actor: act.actor, runID: act.runID, startedAt: now())
        }
        let change = RolloutChange(
            .cancelled, "version \(model.version) became live meanwhile: \(act.reason)", next: next)
        return try await carryOut(change, to: model, act, reference: reference)
    }

    /// Writes a promotion down together with what it does to the comparison, then takes that up.
    func carryOut(
        _ change: RolloutChange, to model: LiveModel, _ act: Promoter.Act, reference: Reference
    ) async throws -> Promotion {
        let promotion = try await promoter.promote(model, act, reference: reference, rollout: change)
        predictor.slot.dropCandidate()
        try await take(up: try await store.activeRollout())
        return promotion
    }

    /// Begins a step before the swap.
    func begin(
        _ stage: RolloutStage, _ model: LiveModel, against: Int, actor: String, runID: Int64?,
        ending sentence: String = "another version began its roll-out",
        as outcome: StoredRollout.Outcome = .cancelled
    ) async throws {
        let share = stage == .canary ? settings.policy.canaryShare : nil
        let next = StoredRollout(
            stage: stage.rawValue, version: model.version, against: against, share: share, isBinding: true,
            actor: actor, runID: runID, startedAt: now())
        try await store.change(RolloutChange(outcome, sentence, next: next), at: now())
        predictor.slot.keep(candidate: model, share: share ?? 0)
        try await take(up: try await store.activeRollout())
        log.notice("version \(model.version) begins its \(stage.rawValue) beside version \(against)")
    }

    /// Goes on with a stretch from what the store holds of it.
    func take(up row: StoredRollout?) async throws {
        guard let row, let id = row.id else {
            life = .idle
            plan.withLock { $0 = nil }
            return
        }
        var evidence = RolloutEvidence(harmMargin: settings.policy.harmMargin)
        for pair in try await store.pairs(ofRollout: id) {
            evidence.update(oldLoss: pair.oldLoss, newLoss: pair.newLoss)
        }
        life = .comparing(Stretch(row: row, evidence: evidence))
        let comparison = Comparison(versions: [row.version, row.against], sample: settings.sample)
        plan.withLock { $0 = comparison }
    }

    // MARK: Living

    /// Takes up what was under way when the daemon stopped. The models are loaded once it serves.
    public func restore() async throws {
        guard let row = try await store.activeRollout() else { return }
        let stretch = Stretch(row: row, evidence: RolloutEvidence(harmMargin: settings.policy.harmMargin))
        guard predictor.slot.current?.version == stretch.live else {
            try await store.change(
                RolloutChange(.cancelled, "another version was live when the daemon started"), at: now())
            return
        }
        try await take(up: row)
    }

    public func run() async throws {
        await loadTheOther()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [samples] in
                for await sample in samples.cancelOnGracefulShutdown() { await self.compare(sample) }
            }
            group.addTask {
                for await _ in AsyncStream<Void>.every(.seconds(30)).cancelOnGracefulShutdown() {
                    await self.conclude()
                }
            }
        }
        await countSamples()
    }

    /// After a restart: the version to go back to, or the one on its way, is in memory again.
    private func loadTheOther() async {
        do {
            let promotion = try await store.livePromotion()
            if case .comparing(let stretch) = life, stretch.stage != .probation {
                let model = try await promoter.ready(stretch.unseen)
                predictor.slot.keep(candidate: model, share: stretch.row.share ?? 0)
            }
            if let previous = promotion?.previousVersion, previous != promotion?.version {
                predictor.slot.keep(previous: try await promoter.ready(previous))
            }
        } catch {
            log.warning("only the live version is in memory: \(error)")
        }
    }

    /// Requests of which both answers were compared and not yet written down.
    var uncounted = (requests: 0, disagreements: 0)
}
