import Drift
import Foundation
import Logging
import Store

extension Rollout {
    /// Shows labelled rows that the live version has just answered to the other one, and acts on what
    /// both said. In the background lane; a failure costs the comparison some rows and nothing else.
    func observe(_ rows: [StoredExample], _ outcomes: [StoredOutcome], by version: Int) async {
        guard case .comparing(let stretch) = life, stretch.live == version,
            let other = predictor.slot.model(of: stretch.unseen)
        else { return }
        do {
            let others = try await predictor.outcomes(of: rows, with: other, at: now())
            let isProbation = stretch.stage == .probation
            let pairs = zip(outcomes, others).map { seen, unseen in
                RolloutPair(
                    rolloutID: stretch.id, exampleID: seen.exampleID,
                    oldLoss: isProbation ? unseen.loss : seen.loss,
                    newLoss: isProbation ? seen.loss : unseen.loss)
            }
            try await store.insert(pairs: pairs)
            // Meanwhile somebody may have ended the stretch.
            guard case .comparing(var current) = life, current.id == stretch.id else { return }
            for pair in pairs { current.evidence.update(oldLoss: pair.oldLoss, newLoss: pair.newLoss) }
            life = .comparing(current)
        } catch {
            log.warning("labelled rows were not compared: \(error)")
        }
        await conclude()
    }

    /// Judges the stretch under way and carries out what follows.
    func conclude() async {
        guard case .comparing(let stretch) = life, !isMoving else { return }
        // While a step is written down rows and ticks go on coming; it is taken once.
        isMoving = true
        defer { isMoving = false }
        guard predictor.slot.current?.version == stretch.live else {
            await end(stretch, .cancelled, "another version became live")
            return
        }
        let decision = settings.policy.decide(
            stretch.stage, stretch.evidence, new: stretch.row.version, old: stretch.row.against,
            seconds: now().timeIntervalSince(stretch.row.startedAt))
        do {
            switch decision {
            case .goOn: await countSamples()
            case .pass(let sentence): try await pass(stretch, sentence)
            case .back(let sentence): try await goBack(stretch, sentence)
            }
        } catch {
            log.error("the roll-out of version \(stretch.row.version) stands still: \(error)")
        }
    }

    private func pass(_ stretch: Stretch, _ sentence: String) async throws {
        await countSamples()
        guard stretch.stage != .probation else { return await end(stretch, .passed, sentence) }
        let model = try await promoter.ready(stretch.row.version)
        if let next = settings.policy.stage(after: stretch.stage) {
            return try await begin(
                next, model, against: stretch.row.against, actor: stretch.row.actor,
                runID: stretch.row.runID, ending: sentence, as: .passed)
        }
        let verdict = try await runVerdict(stretch)
        let act = Promoter.Act(
            kind: .promoted, reason: sentence, actor: stretch.row.actor, runID: stretch.row.runID,
            verdict: verdict)
        let next = settings.policy.probation.map { _ in
            StoredRollout(
                stage: RolloutStage.probation.rawValue, version: stretch.row.version,
                against: stretch.row.against, isBinding: true, actor: stretch.row.actor,
                runID: stretch.row.runID, startedAt: now())
        }
        _ = try await carryOut(
            RolloutChange(.passed, sentence, next: next), to: model, act,
            reference: try await promoter.reference(of: model.version))
    }

    private func runVerdict(_ stretch: Stretch) async throws -> String? {
        guard let run = stretch.row.runID else { return nil }
        return try await store.run(run)?.verdict
    }

    private func goBack(_ stretch: Stretch, _ sentence: String) async throws {
        await countSamples()
        guard stretch.stage == .probation else {
            predictor.slot.dropCandidate()
            return await end(stretch, .back, sentence)
        }
        guard stretch.row.isBinding else {
            let remedy = "\(sentence); \(stretch.row.actor) ordered it, so it stays: `hone rollback` returns"
            return await end(stretch, .warned, remedy)
        }
        let old = try await promoter.ready(stretch.row.against)
        log.warning("\(sentence)")
        _ = try await carryOut(
            RolloutChange(.back, sentence), to: old,
            Promoter.Act(kind: .rollback, reason: sentence, actor: "honed"),
            reference: try await promoter.reference(of: old.version))
    }

    private func end(_ stretch: Stretch, _ outcome: StoredRollout.Outcome, _ sentence: String) async {
        do {
            try await store.change(RolloutChange(outcome, sentence), at: now())
            try await take(up: nil)
            if outcome == .passed || outcome == .cancelled {
                log.notice("\(sentence)")
            } else {
                log.warning("\(sentence)")
            }
        } catch {
            log.error("the end of a roll-out cannot be written: \(error)")
        }
    }
}
