import Corpus
import Drift
import Foundation
import Logging
import Store
import Transformers

extension Retrainer {
    /// A candidate that the gate has judged.
    struct Judged: Sendable {
        var candidate: Candidate
        var outcome: Trial.Outcome
        var verdict: PromotionVerdict
        var gate: Gate
        /// The verdict as it is written down.
        var json: String
        /// What the candidate cost until then.
        var cost: Cost
    }

    /// Lets the gate judge a candidate.
    ///
    /// - Parameter isLast: whether nothing comes after it; an operator's force is for the last alone.
    func judge(
        _ candidate: Candidate, isLast: Bool, _ material: Material, _ order: Order
    ) async throws -> Judged {
        guard let champion = predictor.slot.current else { throw ControlError.noModel }
        let id = order.run.id!
        if isLast { try await store.updateRun(id) { $0.state = .judging } }
        let fresh = try await freshRows(for: material, champion: champion, id)
        let anchor = try await anchor(of: champion.task)
        let trial = Trial(
            champion: champion, challenger: candidate.model, fresh: fresh, anchor: anchor.rows,
            terms: material.terms)
        decision =
            "run \(id): judging \(candidate.remedy.words) on \(trial.fresh.count) fresh and "
            + "\(trial.anchor.count) anchor rows"
        let outcome = try await trial.run(on: predictor, at: now())
        let verdict = settings.gate.decide(
            outcome.evidence(
                purpose: order.purpose,
                infrastructure: try await candidate.golden.facts(
                    of: candidate.model, beside: champion, on: predictor),
                gateNumber: anchor.gates + 1, force: isLast ? order.forced : nil))
        let json = try Self.json(verdict)
        let gate = try await store.record(
            Gate(
                at: now(), anchorID: anchor.id, champion: champion.version, runID: id,
                version: candidate.trained == nil ? candidate.model.version : nil,
                isPromoted: verdict.isPromoted, verdict: json))
        return Judged(
            candidate: candidate, outcome: outcome, verdict: verdict, gate: gate, json: json,
            cost: cost(since: candidate.begun))
    }

    func anchor(of task: TaskKind) async throws -> Anchor {
        try await store.currentAnchor(
            limit: settings.freshLimit, lifetime: settings.gate.anchorLifetime,
            minimum: settings.gate.minimumAnchorRows, of: task, at: now())
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
        guard challenger.task == champion.task, challenger.labelNames == champion.labelNames else {
            throw ControlError.notComparable(version, champion.version)
        }
        let anchor = try await anchor(of: champion.task)
        let alarm = await watch?.alarm
        let trial = Trial(
            champion: champion, challenger: challenger,
            fresh: try await store.freshRows(
                since: alarm?.changeBeganWith, champion: champion.version,
                cut: try await store.trainingCut(of: version), of: champion.task, limit: settings.freshLimit
            ).representative(apart: settings.watching.apart),
            anchor: anchor.rows, terms: try settings.terms)
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
            to: challenger, act, reference: outcome.reference(labels: challenger.groups))
        return (promotion, .now - begun)
    }

    /// Rows that the challenger cannot have learned from: the hold-out since the change, and all
    /// that came after the training cut. Waits until there are enough to judge by.
    private func freshRows(
        for material: Material, champion: LiveModel, _ id: Int64
    ) async throws -> [StoredExample] {
        let need = settings.gate.minimumFreshRows
        let deadline = now().addingTimeInterval(settings.freshPatience / .seconds(1))
        while true {
            let rows = material.hygiene.unlearned(
                try await store.freshRows(
                    since: material.changeBegan, champion: champion.version, cut: material.cut,
                    of: champion.task, limit: settings.freshLimit
                ).representative(apart: settings.watching.apart), after: material.cut)
            if rows.count >= need || now() >= deadline { return rows }
            decision = "run \(id): trained; waiting for fresh labels to judge by, \(rows.count) of \(need)"
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Ends a run whose last candidate the gate did not let in.
    func refuse(_ judged: Judged, _ order: Order) async throws {
        let id = order.run.id!
        try await store.finishRun(id, state: .refused, at: now(), verdict: judged.json)
        decision = "run \(id) \(judged.verdict.sentence)"
        log.notice("run \(id): \(judged.verdict.sentence)")
    }

    /// Lets a candidate take over that passed the gate.
    func promote(_ judged: Judged, _ order: Order) async throws {
        let id = order.run.id!
        let verdict = judged.verdict
        try await store.updateRun(id) { $0.state = .judging }
        let reference = judged.outcome.reference(labels: judged.candidate.model.groups)
        let model = try await registered(judged, reference, order)
        let stage = try await rollout.admit(
            model,
            Promoter.Act(
                kind: verdict.kind == .forced ? .forced : .promoted, reason: verdict.sentence,
                actor: order.run.requestedBy, runID: id, verdict: judged.json),
            reference: reference)
        try await store.finishRun(
            id, state: .promoted, at: now(), verdict: judged.json, challenger: model.version)
        decision =
            stage.map { "version \(model.version) passed the gate and begins its \($0.rawValue)" }
            ?? "version \(model.version) is live: \(verdict.sentence)"
    }

    /// The candidate as a version; an archived one is one already.
    private func registered(_ judged: Judged, _ reference: Reference, _ order: Order) async throws
        -> LiveModel
    {
        guard let trained = judged.candidate.trained else { return judged.candidate.model }
        let notes = VersionNotes(
            reference: reference, accuracy: judged.outcome.fresh.paired.challengerAccuracy,
            anchorAccuracy: judged.outcome.anchor.paired.challengerAccuracy,
            headline: judged.outcome.fresh.headline?.challenger,
            anchorHeadline: judged.outcome.anchor.headline?.challenger,
            trainingRows: trained.selection.training.count, replayedRows: trained.selection.replayed,
            level: judged.candidate.remedy.rawValue, cpuSeconds: judged.cost.cpuSeconds,
            seconds: judged.cost.seconds)
        let version = try await promoter.register(
            folder: trained.directory.checkpoint,
            VersionOrigin(
                parent: trained.base, runID: order.run.id, isTrained: true,
                task: judged.candidate.model.task, labels: judged.candidate.model.labelNames,
                arguments: try Self.json(trained.arguments), note: order.run.reason),
            notes,
            lineage: LineageDraft(
                trigger: order.run.trigger, requestedBy: order.run.requestedBy, gateID: judged.gate.id,
                baseChecksum: trained.baseChecksum,
                provenance: try Self.json(trained.directory.provenance()),
                snapshot: Snapshot(
                    training: trained.selection.training, development: trained.selection.development)))
        return try await promoter.load(version)
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
