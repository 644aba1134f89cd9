import Corpus
import Drift
public import Foundation
public import Logging
public import Store
import Tensors
import Tokenizers
import Training
public import Transformers

/// Makes a version live: verify, load, warm, write the promotion down, swap.
///
/// The order is the promise. The row is durable before anyone sees the model, and the model has
/// answered once before the row is written; whatever stops the daemon in between, the last row of
/// `promotion` says which model is live.
public actor Promoter {
    private let store: Database
    private let registry: ModelRegistry
    private let slot: ModelSlot
    private let monitor: DriftMonitor
    private let precision: ServingPrecision
    private let cache: ServingCache
    private let log: Logger
    private let now: @Sendable () -> Date
    /// Loading packs weights and reads files: seconds that belong to no pool.
    private let loader = ComputeThread(label: "honed.loader")

    public init(
        store: Database, registry: ModelRegistry, slot: ModelSlot, monitor: DriftMonitor,
        precision: ServingPrecision = .auto, cache: ServingCache, log: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.registry = registry
        self.slot = slot
        self.monitor = monitor
        self.precision = precision
        self.cache = cache
        self.log = log
        self.now = now
    }

    /// Loads a version that lies in the registry and lets it answer once.
    ///
    /// - Throws: `StoreError` when its files are not what was registered; `CheckpointError` when
    ///   they cannot be read as a model.
    public func load(_ version: Int) async throws -> LiveModel {
        guard let record = try await store.version(version) else {
            throw ControlError.noSuchVersion(version, known: try await store.versions().map(\.version))
        }
        let (registry, precision, cache) = (registry, precision, cache)
        let holdOut = try await rowsThatTryBytes()
        let model = try await loader.run {
            try registry.verify(version)
            return try LiveModel(
                version: version, checksum: record.checksum, folder: registry.directory(of: version),
                precision, holdOut: holdOut, cache: cache)
        }
        if let note = model.precisionNote {
            log.notice("version \(version) serves in \(model.precision): \(note)")
        }
        return model
    }

    /// A version ready to answer: the one in memory, or else from the registry.
    func ready(_ version: Int) async throws -> LiveModel {
        if let model = slot.model(of: version) { return model }
        return try await load(version)
    }

    /// Loads a model folder that is no version yet: a challenger before its trial.
    func load(challenger folder: String, as version: Int) async throws -> LiveModel {
        let (precision, cache) = (precision, cache)
        let holdOut = try await rowsThatTryBytes()
        return try await loader.run {
            let checksum = try Checkpoint.weightsHash(of: folder).hex
            return try LiveModel(
                version: version, checksum: checksum, folder: folder, precision, holdOut: holdOut,
                cache: cache)
        }
    }

    private func rowsThatTryBytes() async throws -> [Example] {
        precision == .int8 ? try await store.anchorRows(limit: 1_000).map(\.example) : []
    }

    /// Takes a checkpoint folder into the registry: folder first, then row.
    ///
    /// - Returns: the number of the new version.
    func register(
        folder: String, _ origin: VersionOrigin, _ notes: VersionNotes, lineage: LineageDraft? = nil
    ) async throws -> Int {
        let registry = registry
        let staged = try await loader.run { try registry.stage(copying: folder) }
        let version = try await store.register(
            ModelVersion(
                parent: origin.parent, runID: origin.runID, createdAt: now(),
                origin: origin.isTrained ? .trained : .imported, checksum: staged.checksum,
                labels: origin.labels, task: origin.task.rawValue, metrics: try notes.json,
                arguments: origin.arguments, note: origin.note), folder: staged, in: registry,
            lineage: lineage)
        return version.version
    }

    /// What a promotion is to be written down as.
    package struct Act: Sendable {
        package var kind: Promotion.Kind
        package var reason: String
        package var actor: String
        package var runID: Int64?
        package var verdict: String?

        package init(
            kind: Promotion.Kind, reason: String, actor: String, runID: Int64? = nil, verdict: String? = nil
        ) {
            self.kind = kind
            self.reason = reason
            self.actor = actor
            self.runID = runID
            self.verdict = verdict
        }
    }

    /// Makes a loaded version live and begins to watch it.
    ///
    /// - Parameter rollout: what becomes of the comparison under way, and what comparison follows.
    @discardableResult
    func promote(
        _ model: LiveModel, _ act: Act, reference: Reference, rollout: RolloutChange? = nil
    ) async throws -> Promotion {
        let promotion = try await store.promote(
            version: model.version, kind: act.kind, reason: act.reason, actor: act.actor, runID: act.runID,
            referenceErrors: reference.errors, referenceCount: reference.count,
            verdict: act.verdict, rollout: rollout, at: now())
        slot.swap(to: model)
        log.notice(
            "version \(model.version) is live",
            metadata: ["kind": "\(act.kind)", "reason": "\(act.reason)", "actor": "\(act.actor)"])
        try await monitor.start(version: model.version, reference: reference, since: promotion.at)
        return promotion
    }

    /// Puts the version back that was live when the daemon stopped.
    ///
    /// If its files are damaged, the newest earlier version that is whole takes over, and a
    /// promotion row says so. Nothing is deleted.
    public func restore() async throws {
        guard let last = try await store.livePromotion() else { return }
        do {
            try await resume(last)
        } catch {
            log.critical("version \(last.version) cannot be served: \(error)")
            try await fallBack(from: last, because: "\(error)")
        }
    }

    private func resume(_ promotion: Promotion) async throws {
        let model = try await load(promotion.version)
        slot.swap(to: model)
        try await monitor.start(
            version: model.version, reference: try await reference(of: model.version), since: promotion.at)
    }

    private func fallBack(from broken: Promotion, because reason: String) async throws {
        var tried: Set = [broken.version]
        for earlier in try await store.promotions(limit: 100) where tried.insert(earlier.version).inserted {
            guard let model = try? await load(earlier.version) else { continue }
            let act = Act(
                kind: .rollback, reason: "version \(broken.version) cannot be served: \(reason)",
                actor: "honed")
            try await promote(model, act, reference: try await reference(of: model.version))
            return
        }
        log.critical("no earlier version is whole either: import one with `hone import FOLDER`")
    }

    // MARK: Judging a model that is no version yet

    /// What a model says to labelled rows, on the loader's thread: no queue is needed, and none may run.
    ///
    /// - Returns: for the watch, and the figure that the model is known by; `nil` without rows.
    func observations(
        of examples: [Example], by model: LiveModel
    ) async throws -> (rows: [Observation], headline: Double?) {
        let time = now()
        let hashes = examples.map { ContentHash(of: $0).hex }
        let numbers = try await store.exampleNumbers(of: hashes)
        return try await loader.run {
            let judged = try model.served.judged(examples)
            let rows = try zip(judged, examples).enumerated().map { index, row in
                let ((answer, example), input) = (row, TextInput(text: row.1.text, pair: row.1.pair))
                let size = TextSize(try model.served.ask(input).encodings)
                return Observation(
                    exampleID: numbers[hashes[index]] ?? 0, at: example.observedAt ?? time,
                    label: example.target?.group ?? "",
                    predicted: answer.answer.written(to: input, labels: model.labelNames),
                    loss: answer.boundedLoss, lossInNats: answer.lossInNats,
                    confidence: answer.answer.confidence, tokens: size.tokens,
                    unknownTokens: size.unknownTokens, probabilities: answer.answer.probabilities)
            }
            return (
                rows, examples.isEmpty ? nil : model.served.headline(judged.map(\.answer), examples)
            )
        }
    }

    /// Whether a model out of the registry answers as the folder did that it was copied from.
    func comparison(
        of model: LiveModel, with folder: LiveModel, on texts: [String]
    ) async throws -> InfrastructureFacts {
        let some = Array(texts.prefix(GoldenRequests.count))
        return await loader.run {
            func logits(_ model: LiveModel) -> [Float] {
                let encodings = some.map { model.served.encoder.encode($0, pair: nil) }
                return model.served.logits(of: encodings).flatMap(\.values)
            }
            let worst = zip(logits(model), logits(folder)).map { Double(abs($0 - $1)) }.max()
            return InfrastructureFacts(
                loadError: nil, goldenRequests: some.count, worstGoldenDifference: worst, latencyRatio: nil)
        }
    }

    /// Asks a version's folder itself what the loaded version is compared with.
    func goldenRequests(of version: Int, texts: [TextInput]) async throws -> GoldenRequests {
        let folder = registry.directory(of: version)
        return try await loader.run { try GoldenRequests(asking: folder, texts: texts) }
    }

    /// What a version promised when it was judged.
    package func reference(of version: Int) async throws -> Reference {
        guard let record = try await store.version(version) else {
            throw ControlError.noSuchVersion(version, known: try await store.versions().map(\.version))
        }
        return try VersionNotes(record).reference
    }
}
