public import Corpus
import Foundation
public import Training

/// What a training run was asked to do: everything that its result depends on.
public struct TrainingPlan: Codable, Sendable, Equatable {
    /// The checkpoint folder that training starts from.
    public var base: String
    /// What is learned; `nil` in plans of an older Hone, which are of one class a text.
    public var task: TaskKind?
    /// The names of the outputs, in their order.
    public var labels: LabelSet
    public var arguments: TrainingArguments
    /// Why the run was started, in a sentence.
    public var reason: String
    /// How many threads the trainer may use; `nil` for all that the machine allows.
    public var threads: Int?
    /// The trainer's address space in bytes, beyond which it fails alone; `nil` for no limit.
    public var memoryLimit: Int?
    /// What is to be found out about the arguments first; `nil` to train with them as they are.
    public var search: ArgumentSearch?
    /// Where a frozen encoder keeps what it made of texts; `nil` for nowhere. Changes no result.
    public var features: String?

    public init(
        base: String, task: TaskKind = .textClassification, labels: LabelSet, arguments: TrainingArguments,
        reason: String, threads: Int? = nil, memoryLimit: Int? = nil, search: ArgumentSearch? = nil,
        features: String? = nil
    ) {
        self.base = base
        self.task = task
        self.labels = labels
        self.arguments = arguments
        self.reason = reason
        self.threads = threads
        self.memoryLimit = memoryLimit
        self.search = search
        self.features = features
    }
}

/// The folder that a training run lives in: the only thing the daemon and the trainer share.
///
/// The daemon writes `plan.json`, `train.jsonl` and `development.jsonl`; the trainer writes
/// `progress.jsonl`, `checkpoint/`, `provenance.json` and last `result.json`; while it works, `state/` holds what it takes
/// to go on after a kill. A run can be repeated by hand with
/// `hone train --run DIRECTORY` and gives the same weights.
public struct RunDirectory: Sendable, Equatable {
    public let path: String

    public init(path: String) {
        self.path = path
    }

    public var checkpoint: String { path + "/checkpoint" }
    public var trainerLog: String { path + "/trainer.log" }
    /// Locked by the daemon while the trainer shall stand still; see `TurnLock`.
    var turnFile: String { path + "/turn" }
    private var planFile: URL { URL(filePath: path + "/plan.json") }
    private var resultFile: URL { URL(filePath: path + "/result.json") }
    private var progressFile: URL { URL(filePath: path + "/progress.jsonl") }
    private var provenanceFile: URL { URL(filePath: path + "/" + Provenance.fileName) }
    private var choiceFile: URL { URL(filePath: path + "/choice.json") }
    private var divergedFile: URL { URL(filePath: path + "/diverged") }
    private var goldenFile: URL { URL(filePath: path + "/" + GoldenRequests.fileName) }
    private var trainingFile: String { path + "/train.jsonl" }
    private var developmentFile: String { path + "/development.jsonl" }

    // MARK: The daemon's side

    /// Lays the folder out. Whatever an earlier run left at this path is removed first.
    public func create(_ plan: TrainingPlan, training: [Example], development: [Example]) throws {
        try remove()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try writeJSONLines(training, to: trainingFile)
        try writeJSONLines(development, to: developmentFile)
        try Self.encoder.encode(plan).write(to: planFile, options: .atomic)
    }

    /// The last thing that the trainer said about itself; `nil` before it said anything.
    public func latestProgress() -> TrainingProgress? {
        guard let bytes = try? Data(contentsOf: progressFile) else { return nil }
        // A line without its newline is still being written.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        return lines.last.flatMap { try? JSONDecoder().decode(TrainingProgress.self, from: Data($0)) }
    }

    /// What training gave; throws where the trainer did not come to its end.
    public func result() throws -> FineTuningResult {
        try JSONDecoder().decode(FineTuningResult.self, from: Data(contentsOf: resultFile))
    }

    /// What the trainer's checkpoint answered when it was new.
    public func goldenRequests() throws -> GoldenRequests {
        try GoldenRequests(contentsOf: goldenFile)
    }

    /// What trained the checkpoint.
    func provenance() throws -> Provenance {
        try JSONDecoder().decode(Provenance.self, from: Data(contentsOf: provenanceFile))
    }

    /// What a search chose; `nil` where there was none.
    func choice() throws -> ArgumentSearch.Choice? {
        guard FileManager.default.fileExists(atPath: choiceFile.path) else { return nil }
        return try JSONDecoder().decode(ArgumentSearch.Choice.self, from: Data(contentsOf: choiceFile))
    }

    func write(_ choice: ArgumentSearch.Choice) throws {
        try Self.encoder.encode(choice).write(to: choiceFile, options: .atomic)
    }

    /// Whether the trainer ended because its loss was no number any more.
    var hasDiverged: Bool { FileManager.default.fileExists(atPath: divergedFile.path) }

    public func remove() throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    // MARK: The trainer's side

    public func plan() throws -> TrainingPlan {
        try JSONDecoder().decode(TrainingPlan.self, from: Data(contentsOf: planFile))
    }

    /// Trains as the plan says and leaves checkpoint and result in the folder.
    ///
    /// - Parameter progress: is told what is written to `progress.jsonl` too.
    @discardableResult
    public func train(
        progress: (TrainingProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
    ) throws -> FineTuningResult {
        var plan = try plan()
        _ = FileManager.default.createFile(atPath: progressFile.path, contents: nil)
        let progressLog = try FileHandle(forWritingTo: progressFile)
        defer { try? progressLog.close() }
        let task = plan.task ?? .textClassification
        var training = try readJSONLines(from: trainingFile, for: task)
        let development = try readJSONLines(from: developmentFile, for: task)
        let turn = TurnLock(path: turnFile)
        func note(_ step: TrainingProgress) {
            // Losing sight of progress is no reason to lose the run.
            if let line = try? Self.encoder.encode(step) {
                try? progressLog.write(contentsOf: line + [UInt8(ascii: "\n")])
            }
            progress(step)
            turn?.pass()
        }
        if let search = plan.search {
            let choice = try choose(
                by: search, plan, training: training, development: development, progress: note,
                isCancelled: isCancelled)
            plan.arguments = choice.arguments
            training = choice.rows(of: training, replayed: search.replayed) { ContentHash(of: $0).hex }
        }
        let result: FineTuningResult
        do {
            result =
                task.hasClasses
                ? try fineTune(
                    base: plan.base, labels: plan.labels, training: training, development: development,
                    arguments: plan.arguments, output: checkpoint,
                    features: plan.features.map { FeatureCache(folder: $0) }, state: path + "/state",
                    progress: note, isCancelled: isCancelled)
                : try fineTune(
                    base: plan.base, for: task, continues: true, training: training,
                    development: development, arguments: plan.arguments, output: checkpoint,
                    state: path + "/state", progress: note, isCancelled: isCancelled)
        } catch let error as TrainingError {
            if case .diverged = error { try noteDivergence() }
            throw error
        }
        let inputs = development.map { TextInput(text: $0.text, pair: $0.pair) }
        try GoldenRequests(asking: checkpoint, texts: inputs).write(to: goldenFile)
        try Self.encoder.encode(Provenance(plan.arguments)).write(to: provenanceFile, options: .atomic)
        try Self.encoder.encode(result).write(to: resultFile, options: .atomic)
        return result
    }

    /// Leaves word for the daemon that the loss is no number any more.
    public func noteDivergence() throws {
        try Data().write(to: divergedFile)
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
