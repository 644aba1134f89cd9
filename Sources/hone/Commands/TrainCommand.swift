import ArgumentParser
import Corpus
import Foundation
import Honing
import Training

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Fine-tune a model on labelled rows.",
        discussion: """
            Rows are JSON Lines with "text" and "label" (or CSV with such a header). With --task ner they \
            are CoNLL, or JSON Lines with "tokens" and "tags" or with "text" and "spans"; with qa SQuAD's \
            JSON, or lines with "question", "context" and "answers"; with labels lines with a list \
            "labels", with score lines with a number "score". Where no \
            development rows are given, a tenth of the rows is set aside to choose the best step by, and a \
            fifth is left unseen: the hold-out that `hone import --examples` judges the model on. \
            The same rows, arguments and seed give the same weights, bit for bit, whatever the \
            number of threads. A training that was killed goes on where it was when the same \
            command is given again, and ends with those very weights.

            EXAMPLES
              hone train --base all-MiniLM-L6-v2 --train reviews.jsonl --output ./reviews-model
              hone train --task ner --base all-MiniLM-L6-v2 --train a.conll --train b.conll --output ./names
              hone train --run /var/lib/honed/runs/0042-full   repeat a run of the daemon
            """)

    @Option(
        help: "A run directory made by the daemon; everything else comes from its plan.",
        completion: .directory)
    var run: String?

    @Option(help: "The model folder to start from.", completion: .directory)
    var base: String?

    @Option(help: "What to learn: one class a text, several, a score, named entities or answers.")
    var task = TaskName.classify

    @Option(
        name: .customLong("train"), help: "Labelled rows to learn from; may be given several times.",
        completion: .file())
    var training: [String] = []

    @Option(help: "Labelled rows to choose the best step by.", completion: .file())
    var development: String?

    @Option(help: "The folder to write the fine-tuned model to.", completion: .directory)
    var output: String?

    @Option(
        help:
            "With --lora-rank: a folder for the adapter by itself, as peft loads it. The model has it merged.",
        completion: .directory)
    var adapter: String?

    @Option(
        help: "With --head-only: a folder that keeps what the encoder made of each text, for the next time.",
        completion: .directory)
    var features: String?

    @OptionGroup(title: "Hyper-parameters") var hyper: HyperParameters

    @Flag(help: "Print JSON for scripts.")
    var json = false

    func run() async throws {
        try await reporting {
            if let run { return try trainRun(RunDirectory(path: run)) }
            guard let base, !training.isEmpty, let output else {
                throw ValidationError("give --base, --train and --output, or --run DIRECTORY")
            }
            guard adapter == nil || hyper.loraRank != nil else {
                throw ValidationError("--adapter needs --lora-rank: a full fine-tune has no adapter")
            }
            guard features == nil || hyper.headOnly else {
                throw ValidationError("--features needs --head-only: an encoder that learns has none to keep")
            }
            let rows = try training.flatMap { try labelledRows($0, for: task.kind) }
            let (train, dev) =
                try development.map { (rows, try labelledRows($0, for: task.kind)) } ?? setAside(rows)
            let result =
                task == .classify
                ? try classify(base, rows, train, dev, output) : try learn(base, train, dev, output)
            try finish(result, task.kind, output)
            if let adapter { Terminal.note("adapter: \(adapter)") }
        }
    }

    private func classify(
        _ base: String, _ rows: [Example], _ train: [Example], _ dev: [Example], _ output: String
    ) throws -> FineTuningResult {
        let labels = LabelSet(names: Set(rows.compactMap(\.label)).sorted())
        guard labels.count >= 2 else {
            throw Failure(
                .data,
                "\(training.joined(separator: ", ")) has \(labels.count) label: at least two are needed to tell apart"
            )
        }
        Terminal.note("\(train.count) rows to learn from, \(dev.count) to choose by, labels \(labels.names)")
        return try fineTune(
            base: base, labels: labels, training: train, development: dev,
            arguments: try hyper.arguments(for: .textClassification),
            output: output, adapter: adapter, features: features.map { FeatureCache(folder: $0) },
            state: output + "/training-state", progress: TrainingView().show)
    }

    private func learn(
        _ base: String, _ train: [Example], _ dev: [Example], _ output: String
    ) throws -> FineTuningResult {
        guard adapter == nil, features == nil else {
            throw ValidationError("--adapter and --features are for --task classify")
        }
        Terminal.note("\(train.count) rows to learn from, \(dev.count) to choose by")
        return try fineTune(
            base: base, for: task.kind, training: train, development: dev,
            arguments: try hyper.arguments(for: task.kind), output: output, state: output + "/training-state",
            progress: TrainingView(task.kind).show)
    }

    /// The daemon's child: low priority, and gone when its parent is.
    private func trainRun(_ directory: RunDirectory) throws {
        let plan = try directory.plan()
        let task = plan.task ?? .textClassification
        becomeTrainer(plan)
        let view = TrainingView(task)
        let parentage = Parentage()
        // Repeated by root, the run stays the daemon's to clear away.
        defer { try? returnOwnership(below: directory.path) }
        try finish(
            try directory.train(progress: view.show, isCancelled: { parentage.isOrphaned }),
            task, directory.checkpoint)
    }

    private func finish(_ result: FineTuningResult, _ task: TaskKind, _ output: String) throws {
        Terminal.endProgress()
        if json { return try Terminal.print(json: result) }
        print(
            """
            best step      \(result.bestStep) of \(result.steps)
            development    \(figure(result.developmentAccuracy, of: task)), \
            loss \(rounded(result.developmentLoss)) nats
            temperature    \(rounded(Double(result.temperature)))
            weights        SHA-256 \(result.weightsSHA256)
            model          \(output)
            """)
    }
}

/// Sides are given by content: the rows that `hone import` will judge the model on stay unseen.
func setAside(_ rows: [Example]) -> (training: [Example], development: [Example]) {
    let sides = Dictionary(grouping: rows) { Split.of(ContentHash(of: $0)) }
    return (sides[.train] ?? [], sides[.development] ?? [])
}

/// The hyper-parameters that people change, under Hugging Face's names.
struct HyperParameters: ParsableArguments {
    @Option(
        name: .customLong("arguments"),
        help: "A file of arguments, such as `hone tune` writes; options that are given go before it.",
        completion: .file())
    var file: String?

    @Option(help: "Passes over the training rows.")
    var epochs: Int?

    @Option(help: "Peak learning rate of the encoder.")
    var learningRate: Double?

    @Option(help: "Rows a step.")
    var batchSize: Int?

    @Option(help: "The most tokens of a text.")
    var maximumLength: Int?

    @Option(
        help: """
            How texts are read that are longer: first cuts them; mean and max read all of them in windows of \
            --maximum-length and take the mean or the largest of each class's logits. Stands in the model's \
            folder; as the base has it if not given.
            """)
    var windows: WindowArguments.Pooling?

    @Option(help: "Tokens that a window shares with the one before it (a quarter of it if not given).")
    var stride: Int?

    @Option(help: "So many windows of a text at most (32 if not given): what stands behind them is not read.")
    var maximumWindows: Int?

    @Option(help: "The seed of shuffling, dropout and the new head.")
    var seed: UInt64?

    @Option(help: "So many of the lowest layers, and the embeddings, stay as they are.")
    var frozenLayers: Int?

    @Option(help: "Each layer's learning rate as a share of the one above it.")
    var layerwiseDecay: Float?

    @Flag(
        help: """
            Train the head alone: each text goes through the encoder once. The learning rate is then 1e-2 and \
            the passes 20 if none are given.
            """)
    var headOnly = false

    @Option(
        help: """
            Train low-rank adapters of this rank (LoRA) instead of the weights, and merge them at the end. \
            The learning rate is then 5e-4 if none is given.
            """)
    var loraRank: Int?

    @Option(help: "Adapters are scaled by this over their rank (twice the rank if not given).")
    var loraAlpha: Float?

    @Option(help: "The layers to adapt, by the ends of their names with commas between, or all-linear.")
    var loraTargets = "query,value"

    @Option(help: "Of the products: f32, bf16, or auto for bf16 where the processor multiplies it.")
    var precision: TrainingPrecision?

    func arguments(for task: TaskKind) throws -> TrainingArguments {
        var arguments = try file.map(Self.read) ?? TrainingArguments()
        if file == nil { arguments.suit(task) }
        if let loraRank {
            arguments.adapt(
                rank: loraRank, alpha: loraAlpha ?? Float(2 * loraRank),
                targetModules: loraTargets.split(separator: ",").map(String.init))
        }
        if headOnly { arguments.trainHeadOnly() }
        if let epochs { arguments.epochs = epochs }
        if let learningRate { arguments.learningRate = Float(learningRate) }
        if let batchSize { arguments.batchSize = batchSize }
        if let maximumLength { arguments.maximumLength = maximumLength }
        if let windows {
            arguments.windows = WindowArguments(windows, stride: stride, limit: maximumWindows)
        } else if stride != nil || maximumWindows != nil {
            throw ValidationError("--stride and --maximum-windows are for --windows mean or max: name one")
        }
        if let seed { arguments.seed = seed }
        if let frozenLayers { arguments.frozenLayers = frozenLayers }
        if let layerwiseDecay { arguments.layerwiseDecay = layerwiseDecay }
        if let precision { arguments.precision = precision }
        return arguments
    }

    private static func read(_ path: String) throws -> TrainingArguments {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw Failure(.file, "\(path) cannot be read: \(obstacle(error))")
        }
        do { return try JSONDecoder().decode(TrainingArguments.self, from: data) } catch {
            throw Failure(.data, "\(path) holds no training arguments: let `hone tune` write them")
        }
    }
}

/// Shows a training run on the terminal: a bar, the loss, the time left.
final class TrainingView {
    private let task: TaskKind
    private let clock = ContinuousClock()
    private let begun = ContinuousClock().now
    /// Where this process took over: what was done before took none of its time.
    private var first: (step: Int, tokens: Int)?

    init(_ task: TaskKind = .textClassification) {
        self.task = task
    }

    func show(_ step: TrainingProgress) {
        let seconds = (clock.now - begun) / .seconds(1)
        let first = first ?? (step.step > 1 ? (step.step, step.tokens) : (0, 0))
        self.first = first
        let share = Double(step.step) / Double(max(1, step.totalSteps))
        let done = step.step - first.step
        let left = done > 0 ? seconds / Double(done) * Double(step.totalSteps - step.step) : 0
        let filled = Int(share * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 24 - filled)
        var line = "\(bar) step \(step.step)/\(step.totalSteps) · loss \(rounded(Double(step.loss)))"
        if let accuracy = step.developmentAccuracy { line += " · dev \(written(accuracy, of: task))" }
        line +=
            " · \(Int(Double(step.tokens - first.tokens) / max(seconds, 1e-9))) tokens/s · \(spoken(seconds: left)) left"
        Terminal.progress(line)
    }
}

/// The headline metric of a task with its name.
func figure(_ value: Double, of task: TaskKind) -> String {
    "\(headlineName(of: task)) \(written(value, of: task))"
}

private func written(_ value: Double, of task: TaskKind) -> String {
    task == .scoring ? rounded(value) : percent(value)
}

func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
func rounded(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
