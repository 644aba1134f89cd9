import ArgumentParser
import Corpus
import Foundation
import Honing
import Training

struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Search learning rate, epochs, batch size, frozen layers and LoRA within a time.",
        discussion: """
            By successive halving: many candidates learn of a ninth of the rows, the best third of them of a third, \
            and the best of those of all rows; the arguments that are given are among them to the end. Judged \
            by the loss on development rows, which are set aside as `hone train` does. The same command goes on \
            where it was; with more minutes it goes on further.

            EXAMPLE
              hone tune --base minilm --train reviews.jsonl --output ./search --minutes 30
              hone train --base minilm --train reviews.jsonl --arguments ./search/best.json --output ./reviews
            """)

    @Option(help: "The model folder to start from.", completion: .directory)
    var base: String

    @Option(help: "What to learn: one class a text, several, a score, named entities or answers.")
    var task = TaskName.classify

    @Option(
        name: .customLong("train"), help: "Labelled rows to learn from; may be given several times.",
        completion: .file())
    var training: [String]

    @Option(help: "Labelled rows to choose by.", completion: .file())
    var development: String?

    @Option(help: "The folder for trials.jsonl and best.json.", completion: .directory)
    var output: String

    @Option(help: "The time for all trials together.")
    var minutes = 30.0

    @Option(help: "So many candidates at most.")
    var candidates = 27

    @OptionGroup(title: "Where the search begins") var hyper: HyperParameters

    @Flag(help: "Print JSON for scripts.")
    var json = false

    func validate() throws {
        guard minutes > 0, minutes <= 100_000 else {
            throw ValidationError("--minutes is above 0, up to 100000")
        }
        guard candidates >= 1, candidates <= 10_000 else {
            throw ValidationError("--candidates is from 1 to 10000")
        }
    }

    func run() async throws {
        try await reporting {
            let rows = try training.flatMap { try labelledRows($0, for: task.kind) }
            let (train, dev) =
                try development.map { (rows, try labelledRows($0, for: task.kind)) } ?? setAside(rows)
            let start = try hyper.arguments(for: task.kind)
            let search = try TuningSearch(
                base: base, for: task.kind, training: train, development: dev, start: start,
                budget: minutes * 60, candidates: candidates, seed: start.seed, folder: output)
            Terminal.note("\(train.count) rows to learn from, \(dev.count) to choose by")
            let view = TuningView(task.kind)
            let result = try search.run(view.show)
            Terminal.endProgress()
            guard let best = result.best else {
                throw Failure(.refused, "no trial ended: give more --minutes, or a lower learning rate")
            }
            try write(best.arguments)
            if json { try Terminal.print(json: result) } else { print(table(result, best)) }
        }
    }

    private func write(_ arguments: TrainingArguments) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(arguments).write(to: URL(filePath: output + "/best.json"), options: .atomic)
    }

    private func table(_ result: TuningResult, _ best: SuccessiveHalving.Trial) -> String {
        let shown = result.trials.sorted {
            (-$0.rung, $0.loss ?? .infinity, $0.number) < (-$1.rung, $1.loss ?? .infinity, $1.number)
        }
        let lines = shown.map { trial in
            let figures = trial.loss.map { "\(figure(trial.headline, of: task.kind)), loss \(rounded($0))" }
            return "\(trial.rows) rows, number \(trial.number): \(trial.arguments.brief): "
                + "\(figures ?? "learned nothing, or had no time"), \(spoken(seconds: trial.seconds))"
        }
        let against = result.start.flatMap { start in
            start == best
                ? " is the start itself" : start.loss.map { ", where the start has a loss of \(rounded($0))" }
        }
        return
            (lines + [
                "best: \(best.arguments.brief)\(against ?? "")", "arguments: \(output)/best.json",
            ]).joined(separator: "\n")
    }
}

/// Shows a search on the terminal.
private final class TuningView {
    private let view: (TrainingProgress) -> Void
    private let task: TaskKind

    init(_ task: TaskKind) {
        self.task = task
        view = TrainingView(task).show
    }

    func show(_ event: TuningSearch.Event) {
        switch event {
        case .begins: break
        case .learns(let progress): view(progress)
        case .ended(let trial):
            Terminal.endProgress()
            let figures = trial.loss.map { "loss \(rounded($0))" } ?? "no figures"
            Terminal.note(
                "number \(trial.number) on \(trial.rows) rows: \(trial.arguments.brief): \(figures), "
                    + spoken(seconds: trial.seconds))
        }
    }
}
