import Corpus
import Drift
import Foundation
import Logging
import Store

extension Retrainer {
    /// What a run works with, the same for every rung.
    struct Material: Sendable {
        var champion: LiveModel
        /// The first row after the change, where one is known.
        var changeBegan: Int64?
        /// Rows since the change, and before it, in the order of arrival.
        var new: [StoredExample]
        var old: [StoredExample]
        /// Rows up to this one may be learned from; later ones certainly are not.
        var cut: Int64
        /// Earlier versions that could take over.
        var archive: [Int]
        var hygiene: FeedHygiene
        /// Terms that should make no difference; read before anything is trained, for a list may be in disorder.
        var terms: TermSwaps?
        var facts: RemedyLadder.Facts

        /// Rows that choose among candidates and judge none.
        var choosing: [StoredExample] { new.filter { $0.split == .development } }
    }

    /// A model that might take over.
    struct Candidate: Sendable {
        var remedy: Remedy
        var model: LiveModel
        var golden: GoldenRequests
        /// How it was trained; `nil` for a version out of the archive.
        var trained: Trained?
        var begun: Mark
    }

    /// Where the counting of a rung's cost begins.
    struct Mark: Sendable {
        var at: Date
        var spentSeconds: Double
    }

    /// What a rung took.
    struct Cost: Sendable {
        var cpuSeconds: Double
        var seconds: Double
    }

    func cost(since mark: Mark) -> Cost {
        Cost(
            cpuSeconds: spentSeconds - mark.spentSeconds, seconds: max(0, now().timeIntervalSince(mark.at)))
    }

    /// Tries remedy after remedy until one gives back what was lost, or none is left.
    func climb(_ order: Order) async throws {
        let material = try await material(for: order)
        var attempts: [RemedyAttempt] = []
        var partial: [Remedy: Judged] = [:]
        try await passOver(material, order)
        while true {
            switch settings.ladder.next(after: attempts, material.facts) {
            case .attempt(let remedy, let isLast):
                let result = try await attempt(
                    remedy, isLast: isLast, hasFallback: !partial.isEmpty, material, order)
                attempts.append(RemedyAttempt(remedy, result.outcome))
                if result.outcome == .partial { partial[remedy] = result.judged }
                // A refusal ends the run unless something milder is left.
                if isLast, partial.isEmpty, result.outcome == .refused, let judged = result.judged {
                    return try await refuse(judged, order)
                }
            case .settle(let remedy):
                return try await promote(partial[remedy]!, order)
            case .stop:
                guard !attempts.isEmpty else { throw RetrainError.noRemedy }
                return
            }
        }
    }

    private func material(for order: Order) async throws -> Material {
        guard let live = predictor.slot.current else { throw ControlError.noModel }
        let id = order.run.id!
        let terms = try settings.terms
        try await letScoringCatchUp(of: live.task)
        let watch = await watch
        let change = watch?.alarm?.changeBeganWith
        var rows = try await store.labelledRows(splitAt: change, since: live.version, of: live.task)
        let (minimum, usable) = (Self.fewestRows(for: live), rows.new.count + rows.old.count)
        guard usable >= minimum else { throw ControlError.notEnoughRows(have: usable, need: minimum) }
        let promised = watch?.baseline.errorRate.map { 1 - $0 }
        let archive = try await archive(beside: live, before: rows.new.first?.id)
        try await store.startRun(id, directory: folder, trainingRows: 0, at: now())
        let hygiene = try await clean(&rows, since: change, champion: live, id)
        let (then, now) = (rows.old.shares(of: live.labelNames), rows.new.shares(of: live.labelNames))
        return Material(
            champion: live, changeBegan: change, new: rows.new, old: rows.old, cut: rows.cut,
            archive: archive, hygiene: hygiene, terms: terms,
            facts: RemedyLadder.Facts(
                lost: order.purpose == .benefit ? promised.map(Loss.accuracy) ?? .nothing : .nothing,
                classShift: rows.old.isEmpty || rows.new.isEmpty
                    ? 0 : zip(then, now).reduce(0) { $0 + abs($1.0 - $1.1) } / 2,
                archivedVersions: archive.count, forced: order.remedy,
                meaningless: Set(Remedy.allCases.filter { live.task.objection(to: $0) != nil })))
    }

    /// Writes down which remedies of the ladder are passed over because they have no meaning for the task.
    private func passOver(_ material: Material, _ order: Order) async throws {
        guard case .accuracy = material.facts.lost, order.remedy == nil else { return }
        for remedy in settings.ladder.rungs.sorted() {
            guard let reason = material.champion.task.objection(to: remedy) else { continue }
            try await store.record(
                Rung(
                    runID: order.run.id!, at: now(), level: remedy.rawValue,
                    outcome: RemedyAttempt.Outcome.skipped.rawValue, rows: 0, cpuSeconds: 0, seconds: 0,
                    sentence: reason))
            log.notice("run \(order.run.id!): \(remedy.words) is passed over: \(reason)")
        }
    }

    /// Takes out what is better not learned, and writes down what that was.
    private func clean(
        _ rows: inout (new: [StoredExample], old: [StoredExample], cut: Int64), since change: Int64?,
        champion: LiveModel, _ id: Int64
    ) async throws -> FeedHygiene {
        var settings = settings.hygiene
        // An answer that can be partly right contradicts no label.
        if !champion.task.hasClasses { settings.labelDoubt = nil }
        var hygiene = FeedHygiene(settings)
        var kept = FeedHygiene.Rows(new: rows.new, old: rows.old)
        let ids = (rows.new + rows.old).map(\.id)
        var answers: [ConfidentAnswer] = []
        if let confidence = settings.labelDoubt, let first = ids.min(), let last = ids.max() {
            answers = try await store.confidentAnswers(to: first...last, confidence: confidence)
            kept = hygiene.withoutDoubtful(kept, answers)
        }
        kept = hygiene.withoutFloods(kept)
        let judges =
            try await anchor(of: champion.task).rows
            + store.freshRows(
                since: change, champion: champion.version, cut: rows.cut, of: champion.task,
                limit: self.settings.freshLimit)
        kept = await hygiene.withoutNearDuplicates(kept, of: judges)
        try await store.record(
            hygiene.counts(ofRun: id), doubtful: hygiene.doubtful(answers), at: now())
        if !hygiene.leftOut.isEmpty {
            log.notice("run \(id): \(counted(hygiene.leftOut.count, "row")) left out of what is learned")
        }
        (rows.new, rows.old) = (kept.new, kept.old)
        return hygiene
    }

    /// Versions beside the live one that answer with its labels, have their files still and learned
    /// nothing from the rows that would choose among them.
    private func archive(beside live: LiveModel, before row: Int64?) async throws -> [Int] {
        var archive: [Int] = []
        for version in try await store.versions() {
            guard version.version != live.version, version.labels == live.labelNames,
                FileManager.default.fileExists(atPath: registry.directory(of: version.version)),
                try await store.trainingCut(of: version.version) < row ?? .max
            else { continue }
            archive.append(version.version)
        }
        return archive
    }

    /// One rung: a candidate, a look at the rows that choose, the gate.
    ///
    /// - Parameter hasFallback: whether a milder remedy can be taken where this one fails.
    private func attempt(
        _ remedy: Remedy, isLast: Bool, hasFallback: Bool, _ material: Material, _ order: Order
    ) async throws -> (outcome: RemedyAttempt.Outcome, judged: Judged?) {
        let begun = Mark(at: now(), spentSeconds: spentSeconds)
        var rows = 0
        func end(_ outcome: RemedyAttempt.Outcome, _ sentence: String) async throws {
            let cost = cost(since: begun)
            try await store.record(
                Rung(
                    runID: order.run.id!, at: now(), level: remedy.rawValue, outcome: outcome.rawValue,
                    rows: rows, cpuSeconds: cost.cpuSeconds, seconds: cost.seconds, sentence: sentence))
            // A verdict begins with its outcome.
            let words = sentence.hasPrefix(outcome.rawValue) ? sentence : "\(outcome.rawValue): \(sentence)"
            log.notice("run \(order.run.id!): \(remedy.words): \(words)")
        }
        do {
            try await began(remedy, order.run.id!)
            let candidate = try await candidate(remedy, material, order, begun)
            rows = candidate.trained?.selection.training.count ?? 0
            if !isLast, let sentence = try await hopelessness(of: candidate, material) {
                try await end(.hopeless, sentence)
                return (.hopeless, nil)
            }
            let judged = try await judge(candidate, isLast: isLast, material, order)
            guard judged.verdict.isPromoted else {
                try await end(.refused, judged.verdict.sentence)
                return (.refused, judged)
            }
            let fresh = judged.outcome.fresh.paired
            let lost = material.facts.lost
            if !isLast, !settings.ladder.restores(fresh.challengerCorrect, of: fresh.count, lost: lost) {
                try await end(
                    .partial, lost.shortfall(of: fresh.challengerAccuracy, on: fresh.count, "fresh"))
                return (.partial, judged)
            }
            try await end(.promoted, judged.verdict.sentence)
            try await promote(judged, order)
            return (.promoted, judged)
        } catch let error
            where !(error is CancellationError)
            // Where no trainer starts for this rung none will for the next.
            && (hasFallback || !isLast && !(error is ChildProcess.CannotStart))
        {
            try await end(.failed, "\(error)")
            return (.failed, nil)
        }
    }

    /// Why the gate need not be asked about a candidate; `nil` where it should be.
    private func hopelessness(of candidate: Candidate, _ material: Material) async throws -> String? {
        let rows = material.choosing
        let correct = try await correct(of: rows, by: candidate.model)
        let lost = material.facts.lost
        guard settings.ladder.isHopeless(correct, of: rows.count, lost: lost) else { return nil }
        return lost.shortfall(of: Double(correct) / Double(rows.count), on: rows.count, "development")
    }

    /// How many rows a model answers rightly, in the background lane; as many as partly right answers are
    /// worth.
    func correct(of rows: [StoredExample], by model: LiveModel) async throws -> Int {
        var loss = 0.0
        for start in stride(from: 0, to: rows.count, by: 64) {
            let piece = Array(rows[start..<min(start + 64, rows.count)])
            loss += try await predictor.outcomes(of: piece, with: model, at: now()).reduce(0) { $0 + $1.loss }
        }
        return rows.count - Int(loss.rounded())
    }
}

extension Loss {
    fileprivate func shortfall(of share: Double, on rows: Int, _ side: String) -> String {
        guard case .accuracy(let promised) = self else { return "" }
        return
            "right on \(percent(share)) of \(counted(rows, "\(side) row")); \(percent(promised)) were promised"
    }
}

extension Remedy {
    /// For the middle of a sentence.
    var words: String {
        switch self {
        case .temperature: "another temperature"
        case .prior: "other shares of the classes"
        case .archive: "an earlier version"
        case .head: "another head"
        case .lora: "low-rank adapters"
        case .full: "a full training"
        case .base: "a full training from the first model"
        }
    }
}
