import Corpus
import Drift
import Foundation
import Logging
import Store
import Training
import Transformers

extension Retrainer {
    /// A trained checkpoint, and how it came to be.
    struct Trained: Sendable {
        var directory: RunDirectory
        var selection: TrainingSelection
        var arguments: TrainingArguments
        /// The version that training started from, and SHA-256 of its weights.
        var base: Int
        var baseChecksum: String
    }

    /// Makes what a remedy makes.
    func candidate(
        _ remedy: Remedy, _ material: Material, _ order: Order, _ begun: Mark
    ) async throws -> Candidate {
        guard remedy != .archive else { return try await archived(material, begun) }
        let id = order.run.id!
        let trained = try await train(remedy, material, order)
        // Challengers are told apart from versions by a number that no version bears.
        let model = try await promoter.load(challenger: trained.directory.checkpoint, as: -Int(id))
        return Candidate(
            remedy: remedy, model: model, golden: try trained.directory.goldenRequests(), trained: trained,
            begun: begun)
    }

    /// Without so many rows there is nothing to learn from.
    static func fewestRows(for model: LiveModel) -> Int { max(4, 2 * model.labelNames.count) }

    /// The earlier version that is right most often on what came since the change.
    private func archived(_ material: Material, _ begun: Mark) async throws -> Candidate {
        // None of them learned from these rows, so that all may choose and not the development rows alone.
        let rows = Array(material.new.suffix(500))
        var best: (model: LiveModel, correct: Int)?
        for version in material.archive {
            guard let model = try? await promoter.ready(version) else { continue }
            let correct = try await correct(of: rows, by: model)
            if correct > best?.correct ?? -1 { best = (model, correct) }
        }
        guard let best else { throw RetrainError.noArchive }
        let texts = rows.map { TextInput(text: $0.text, pair: $0.pair) }
        return Candidate(
            remedy: .archive, model: best.model,
            golden: try await promoter.goldenRequests(of: best.model.version, texts: texts), trained: nil,
            begun: begun)
    }

    private func train(_ remedy: Remedy, _ material: Material, _ order: Order) async throws -> Trained {
        let (id, live) = (order.run.id!, material.champion)
        var selection = selection(for: remedy, material, seed: UInt64(id))
        let minimum = Self.fewestRows(for: live)
        guard selection.training.count >= minimum else {
            throw ControlError.notEnoughRows(have: selection.training.count, need: minimum)
        }
        let base = remedy == .base ? try await root(of: live.version) : live.version
        let directory = RunDirectory(
            path: folder + "/" + String(id).leftPadded(to: 4, with: "0") + "-" + remedy.rawValue)
        var plan = TrainingPlan(
            base: registry.directory(of: base), task: live.task, labels: live.served.labels,
            arguments: settings.arguments.suited(to: live.task).adapted(
                to: remedy, then: material.old.shares(of: live.labelNames),
                now: material.new.shares(of: live.labelNames), rows: selection.training.count,
                replayed: selection.replayed),
            reason: order.run.reason, threads: settings.threads, memoryLimit: settings.memoryLimit,
            features: features)
        if remedy == .full || remedy == .base, let seconds = settings.searchSeconds {
            plan.search = ArgumentSearch(
                seconds: seconds, replayed: selection.replayed,
                known: try await findings(beside: live, plan.arguments))
        }
        /// Whether something was learned.
        func train() async throws -> Bool {
            try directory.create(
                plan, training: selection.training.map(\.example),
                development: selection.development.map(\.example))
            do {
                try await follow(directory, id)
            } catch {
                guard directory.hasDiverged else { throw error }
                return false
            }
            let result = try directory.result()
            return !remedy.isTraining
                || !result.learnedNothing(development: selection.development.map(\.label))
        }
        let rows = selection.training.count
        try await store.updateRun(id) {
            $0.directory = directory.path
            $0.trainingRows = rows
        }
        decision = "run \(id): \(remedy.words) on \(counted(selection.training.count, "row"))"
        log.notice(
            "run \(id): \(remedy.words) on \(selection.training.count) rows, \(selection.replayed) of them replayed",
            metadata: ["reason": "\(order.run.reason)"])
        if try await !train() {
            log.notice("run \(id): the training learned nothing and begins again from another seed")
            plan.arguments.seed &+= 1
            guard try await train() else { throw RetrainError.learnedNothing(log: directory.trainerLog) }
        }
        let choice = try directory.choice()
        if let choice {
            selection = selection.following(choice)
            let kept = selection.training.count
            try await store.updateRun(id) { $0.trainingRows = kept }
            log.notice("run \(id): \(choice.sentence)")
        }
        return Trained(
            directory: directory, selection: selection,
            arguments: choice?.arguments ?? plan.arguments, base: base,
            baseChecksum: base == live.version ? live.checksum : try registry.verify(base))
    }

    /// What a search of the live version's own run had found.
    private func findings(
        beside live: LiveModel, _ arguments: TrainingArguments
    ) async throws -> [TrainingArguments] {
        let record = try await store.version(live.version)
        let earlier = record.flatMap {
            try? JSONDecoder().decode(TrainingArguments.self, from: Data($0.arguments.utf8))
        }
        return [earlier.flatMap(arguments.withFindings)].compactMap(\.self)
    }

    private func selection(for remedy: Remedy, _ material: Material, seed: UInt64) -> TrainingSelection {
        var settings = settings.selection
        switch remedy {
        // What is only set right is set right for what comes now.
        case .temperature, .prior: settings.replayShare = 0
        // Whoever begins from the first model learns all that came since, in its own proportions.
        case .base:
            let old = Double(material.old.count { $0.split == .train })
            let all = max(1, old + Double(material.new.count { $0.split == .train }))
            settings.replayShare = max(settings.replayShare, min(0.95, old / all))
        case .archive, .head, .lora, .full: break
        }
        return TrainingSelection(new: material.new, old: material.old, settings: settings, seed: seed)
    }

    /// The version that a version descends from in the end, as far as the files are there.
    private func root(of version: Int) async throws -> Int {
        let parents = Dictionary(
            uniqueKeysWithValues: try await store.versions().map { ($0.version, $0.parent) })
        var root = version
        while let parent = parents[root] ?? nil,
            FileManager.default.fileExists(atPath: registry.directory(of: parent))
        {
            root = parent
        }
        return root
    }
}

extension TrainingArguments {
    fileprivate func suited(to task: TaskKind) -> TrainingArguments {
        var arguments = self
        arguments.suitWhereUnset(task)
        return arguments
    }

    /// The arguments with which a remedy is carried out.
    ///
    /// - Parameters:
    ///   - then: the classes' shares before the change, in the order of the labels.
    ///   - now: the same since.
    ///   - rows: how many there are to learn from.
    ///   - replayed: how many of them, the last, are replayed.
    func adapted(
        to remedy: Remedy, then: [Double], now: [Double], rows: Int, replayed: Int
    ) -> TrainingArguments {
        var arguments = self
        // The first model is none to hold on to: later ones knew more.
        if let weight = distillation?.weight {
            let holds = weight > 0 && replayed > 0 && remedy != .base
            arguments.distillation = holds ? Distillation(weight: weight, rows: replayed) : nil
        }
        switch remedy {
        case .temperature: arguments.adjustment = .temperature
        case .prior: arguments.adjustment = .prior(then: then, now: now)
        case .head: arguments.trainHeadOnly()
        case .lora: arguments.adapt(rank: 8, alpha: 16, targetModules: ["query", "value"])
        case .archive, .full, .base: break
        }
        if remedy.isTraining { arguments.suit(rows: rows, labels: now.count) }
        return arguments
    }
}

extension [StoredExample] {
    /// How often each class occurs, in the order of the labels; a class that does not is taken to have
    /// been one row short.
    func shares(of labels: [String]) -> [Double] {
        let counts = labels.map { label in Double(1 + count { $0.label == label }) }
        let all = counts.reduce(0, +)
        return counts.map { $0 / all }
    }
}
