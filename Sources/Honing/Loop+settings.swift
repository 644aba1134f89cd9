import Drift
import Foundation
import Ingest
import Store
import Synchronization
import Training

// Where the words of the configuration become the values of the parts.

extension DriftWatch.Settings {
    /// - Parameter labelsPerDay: the rate when the version was promoted, for the promise in days. A rate
    ///   that followed the stream would change the threshold under evidence already gathered.
    init(_ watching: WatchingSettings, labelsPerDay: Double) {
        self.init(
            window: watching.window, tolerance: watching.tolerance,
            averageRunLength: watching.averageRunLength(labelsPerDay: labelsPerDay),
            adwinDelta: watching.adwinDelta)
    }
}

extension Retrainer.Settings {
    init(_ configuration: HonedConfiguration) {
        let retraining = configuration.retraining
        isAutomatic = retraining.enabled
        isDryRun = retraining.dryRun
        watching = configuration.watching
        policy = RetrainingPolicy(retraining)
        gate = PromotionPolicy(configuration.gate)
        termsFile = configuration.gate.terms
        ladder = RemedyLadder()
        ladder.rungs = Set(retraining.ladder.compactMap(Remedy.init))
        hygiene = FeedHygiene.Settings(
            nearDuplicates: retraining.nearDuplicates, labelDoubt: retraining.labelDoubt,
            sourceShare: retraining.sourceShare)
        selection = TrainingSelection.Settings(
            replayShare: retraining.replayShare, maximumRows: retraining.maximumRows)
        arguments = TrainingArguments(retraining.training)
        searchSeconds = retraining.search.map { $0 / .seconds(1) }
        threads = retraining.threads
        memoryLimit = retraining.memoryLimit
        timeLimit = retraining.timeLimit
        freshLimit = 2_000
        freshPatience = .seconds(86_400)
    }
}

extension RetrainingPolicy {
    init(_ settings: RetrainingSettings) {
        self.init()
        minimumNewLabels = settings.minimumNewLabels
        coolDown = settings.coolDown / .seconds(1)
        maximumCoolDown = settings.maximumCoolDown / .seconds(1)
        maximumRunsPerDay = settings.maximumPerDay
        cpuBudget = settings.cpuBudget.map { $0 / .seconds(1) }
        blackouts = (settings.blackout ?? []).compactMap(BlackoutHours.init(written:))
        avoidableErrorBudget = settings.avoidableErrors.map(Double.init)
        newLabelsTrigger = settings.afterNewLabels
        interval = settings.every.map { $0 / .seconds(1) }
    }
}

extension Rollout.Settings {
    init(_ settings: RolloutSettings) {
        policy = RolloutPolicy()
        policy.shadowLabels = settings.shadowLabels
        policy.canaryShare = settings.canaryShare
        policy.canaryLabels = settings.canaryLabels
        policy.probation = settings.probation.map { $0 / .seconds(1) }
        policy.probationLabels = settings.probationLabels
        policy.harmMargin = settings.harmMargin
        sample = settings.sample
    }
}

extension PromotionPolicy {
    init(_ settings: GateSettings) {
        self.init()
        alpha = settings.significance
        minimumFreshRows = settings.minimumFresh
        anchorMargin = settings.anchorMargin
        minimumAnchorRows = settings.minimumAnchor
        calibrationMargin = settings.calibrationMargin
        churnLimit = settings.churn
        churnWarning = settings.churn * 0.6
        latencyLimit = settings.latencyRatio
        floorAccuracy = settings.firstModelAccuracy
        memoryLimit = settings.memoryLimit.map(Double.init)
        anchorLifetime = settings.anchorLifetime
        spendsAlpha = settings.spendSignificance
    }
}

extension TrainingArguments {
    init(_ settings: TrainingSettings) {
        self.init()
        learningRate = Float(settings.learningRate)
        epochs = settings.epochs
        tokensPerBatch = settings.tokensPerBatch
        warmupRatio = Float(settings.warmup)
        weightDecay = Float(settings.weightDecay)
        earlyStoppingPatience = settings.patience
        maximumLength = settings.maximumTokens
        seed = UInt64(settings.seed)
        frozenLayers = settings.frozenLayers
        layerwiseDecay = Float(settings.layerwiseDecay)
        // How many rows are replayed is known when a run has chosen them.
        distillation = Distillation(weight: Float(settings.distillation), rows: 0)
    }
}

extension RetentionPolicy {
    init(_ settings: RetentionSettings) {
        self.init(
            predictions: settings.predictions, outcomes: settings.outcomes, quarantine: settings.quarantine,
            databaseBytes: settings.databaseBytes)
    }
}

extension Loop {
    /// Takes a configuration over without a restart, as far as that goes.
    public func reload(_ new: HonedConfiguration) async throws -> ReloadOutcome {
        let old = configuration.withLock { $0 }
        let changes = new.changes(from: old)
        let effective = new.reloadable(over: old)
        configuration.withLock { $0 = effective }
        await intake.apply(effective.sources.map(Source.init))
        await retrainer.apply(Retrainer.Settings(effective))
        await rollout.apply(Rollout.Settings(effective.retraining.rollout))
        await janitor.apply(effective.retention)
        await alerter.apply(effective.alerts)
        if effective.watching != old.watching, let live = try await store.livePromotion() {
            try await monitor.apply(effective.watching, since: live.at)
        }
        return ReloadOutcome(changes: changes)
    }
}

/// What a reload changed.
public struct ReloadOutcome: Sendable, Equatable {
    public var changes: [ConfigurationChange]

    public var sentence: String {
        changes.isEmpty
            ? "the configuration was read again; nothing in it changed"
            : "the configuration was reloaded: " + changes.map(\.sentence).joined(separator: "; ")
    }
}
