import Corpus
import Drift
import Foundation
import Logging
import Store
import Transformers

extension Retrainer {
    /// Judges a trained challenger and carries the verdict out.
    func judge(_ trained: Trained, _ order: Order) async throws {
        guard let champion = predictor.slot.current else { throw ControlError.noModel }
        let id = order.run.id!
        try await store.updateRun(id) { $0.state = .judging }
        // Challengers are told apart from versions by a number that no version bears.
        let challenger = try await promoter.load(challenger: trained.directory.checkpoint, as: -Int(id))
        let fresh = try await freshRows(for: trained, champion: champion, id)
        let anchor = try await anchor()
        let trial = Trial(champion: champion, challenger: challenger, fresh: fresh, anchor: anchor.rows)
        decision = "run \(id): judging on \(trial.fresh.count) fresh and \(trial.anchor.count) anchor rows"
        let outcome = try await trial.run(on: predictor, at: now())
        let evidence = outcome.evidence(
            purpose: order.purpose,
            infrastructure: try await trained.directory.goldenRequests().facts(
                of: challenger, beside: champion, on: predictor),
            gateNumber: anchor.gates + 1, force: order.forced)
        let verdict = settings.gate.decide(evidence)
        let gate = try await store.record(
            Gate(
                at: now(), anchorID: anchor.id, champion: champion.version, runID: id,
                isPromoted: verdict.isPromoted, verdict: try Self.json(verdict)))
        try await carryOut(verdict, gate, trained, outcome, challenger, order)
    }

    private func anchor() async throws -> Anchor {
        try await store.currentAnchor(
            limit: settings.freshLimit, lifetime: settings.gate.anchorLifetime,
            minimum: settings.gate.minimumAnchorRows, at: now())
    }

    /// Puts a version that lies in the registry through the gate, and makes it live if it passes.
    ///
    /// - Throws: `ControlError.refused` with the gate's sentence where it does not.
    /// - Returns: the promotion, and how long the swap itself took.
    func promote(
        _ version: Int, reason: String?, by actor: String
    ) async throws -> (promotion: Promotion, swap: Duration) {
        try beginJudging(version)
        defer { endJudging() }
        guard let champion = predictor.slot.current else { throw ControlError.noModel }
        let challenger = try await promoter.ready(version)
        try champion.checkIsWatched()
        guard challenger.task == champion.task, challenger.labelNames == champion.labelNames else {
            throw ControlError.notComparable(version, champion.version)
        }
        let anchor = try await anchor()
        let alarm = await watch?.alarm
        let trial = Trial(
            champion: champion, challenger: challenger,
            fresh: try await store.freshRows(
                since: alarm?.changeBeganWith, champion: champion.version,
                cut: try await store.trainingCut(of: version), limit: settings.freshLimit),
            anchor: anchor.rows)
        let outcome = try await trial.run(on: predictor, at: now())
        let texts = (trial.anchor + trial.fresh).map { TextInput(text: $0.text, pair: $0.pair) }
        let golden = try await promoter.goldenRequests(of: version, texts: texts)
        let verdict = settings.gate.decide(
            outcome.evidence(
                purpose: alarm == nil ? .refresh : .benefit,
                infrastructure: try await golden.facts(of: challenger, beside: champion, on: predictor),
                gateNumber: anchor.gates + 1, force: nil))
        let json = try Self.json(verdict)
        try await store.record(
            Gate(
                at: now(), anchorID: anchor.id, champion: champion.version, version: version,
                isPromoted: verdict.isPromoted, verdict: json))
        guard verdict.isPromoted else { throw ControlError.refused(version, verdict.sentence) }
        let act = Promoter.Act(
            kind: .promoted, reason: reason.map { "\($0); \(verdict.sentence)" } ?? verdict.sentence,
            actor: actor, verdict: json)
        let begun = ContinuousClock.now
        let promotion = try await rollout.swap(
            to: challenger, act, reference: outcome.reference(labels: challenger.labelNames))
        return (promotion, .now - begun)
    }

    /// Rows that the challenger cannot have learned from: the hold-out since the change, and all
    /// that came after the training cut. Waits until there are enough to judge by.
    private func freshRows(
        for trained: Trained, champion: LiveModel, _ id: Int64
    ) async throws -> [StoredExample] {
        let need = settings.gate.minimumFreshRows
        let deadline = now().addingTimeInterval(settings.freshPatience / .seconds(1))
        while true {
            let rows = try await store.freshRows(
                since: trained.changeBegan, champion: champion.version, cut: trained.cut,
                limit: settings.freshLimit)
            if rows.count >= need || now() >= deadline { return rows }
            decision = "run \(id): trained; waiting for fresh labels to judge by, \(rows.count) of \(need)"
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func carryOut(
        _ verdict: PromotionVerdict, _ gate: Gate, _ trained: Trained, _ outcome: Trial.Outcome,
        _ challenger: LiveModel,
        _ order: Order
    ) async throws {
        let id = order.run.id!
        let json = try Self.json(verdict)
        guard verdict.isPromoted else {
            try await store.finishRun(id, state: .refused, at: now(), verdict: json)
            decision = "run \(id) \(verdict.sentence)"
            log.notice("run \(id): \(verdict.sentence)")
            return
        }
        let labels = challenger.labelNames
        let reference = outcome.reference(labels: labels)
        let notes = VersionNotes(
            reference: reference, accuracy: outcome.fresh.paired.challengerAccuracy,
            anchorAccuracy: outcome.anchor.paired.challengerAccuracy,
            trainingRows: trained.selection.training.count, replayedRows: trained.selection.replayed)
        let version = try await promoter.register(
            folder: trained.directory.checkpoint,
            VersionOrigin(
                parent: order.run.baseVersion, runID: id, isTrained: true, task: challenger.task,
                labels: labels,
                arguments: try Self.json(trained.directory.plan().arguments), note: order.run.reason),
            notes,
            lineage: LineageDraft(
                trigger: order.run.trigger, requestedBy: order.run.requestedBy, gateID: gate.id,
                baseChecksum: trained.baseChecksum,
                provenance: try Self.json(trained.directory.provenance()),
                snapshot: Snapshot(
                    training: trained.selection.training, development: trained.selection.development)))
        let model = try await promoter.load(version)
        let stage = try await rollout.admit(
            model,
            Promoter.Act(
                kind: verdict.kind == .forced ? .forced : .promoted, reason: verdict.sentence,
                actor: order.run.requestedBy, runID: id, verdict: json),
            reference: reference)
        try await store.finishRun(id, state: .promoted, at: now(), verdict: json, challenger: version)
        decision =
            stage.map { "version \(version) passed the gate and begins its \($0.rawValue)" }
            ?? "version \(version) is live: \(verdict.sentence)"
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
