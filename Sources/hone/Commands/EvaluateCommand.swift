import ArgumentParser
import Corpus
import Foundation
import Honing

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "How good a model folder is on labelled rows.",
        discussion: """
            What the model is for stands in its folder, and the rows are read for that: labels as JSON \
            Lines or CSV, named entities as CoNLL, answers as SQuAD, and all of them as JSON Lines.

            With --against two models answer the same rows, and a paired test says whether one is better. A \
            fair comparison takes rows that neither learned from.

            With --swaps each text that holds a term of a list is asked about twice, with the other term in \
            its place the second time: an answer that changes with a name or a pronoun is one to look at. The \
            file holds lines such as `he <-> she`.

            EXAMPLES
              hone evaluate ./reviews-model tweets.jsonl
              hone evaluate ./names-model e.conll f.conll
              hone evaluate ./new-model tweets.jsonl --against ./old-model
              hone evaluate ./reviews-model tweets.jsonl --swaps pronouns.txt
            """)

    @Argument(help: "The model folder.", completion: .directory)
    var model: String

    @Argument(help: "Files of labelled rows.", completion: .file())
    var rows: [String]

    @Option(help: "Another model folder, to compare with.", completion: .directory)
    var against: String?

    @Option(help: "A file of terms that should make no difference.", completion: .file())
    var swaps: String?

    @Flag(help: "Print JSON for scripts.")
    var json = false

    func validate() throws {
        guard against == nil || swaps == nil else {
            throw ValidationError("give --against or --swaps: each is a question of its own")
        }
    }

    func run() async throws {
        try await reporting {
            let (folder, model) = (model, try FolderModel(model))
            let examples = try rows.flatMap { try labelledRows($0, for: model.task) }
            if let against {
                let comparison = try model.compare(
                    with: FolderModel(against), named: (folder, against), on: examples)
                if json { return try Terminal.print(json: comparison) }
                return print(comparison.text)
            }
            if let swaps {
                let terms = try TermSwaps(
                    parsing: String(contentsOfFile: swaps, encoding: .utf8), file: swaps)
                let report = try model.swapReport(on: examples, terms)
                if json { return try Terminal.print(json: report) }
                return print(report.text)
            }
            let evaluation = try model.evaluate(examples)
            if json { return try Terminal.print(json: evaluation) }
            print(evaluation.text)
        }
    }
}

/// The labelled rows of a file; rows that cannot be read are said on standard error and left out.
func labelledRows(_ path: String, for task: TaskKind) throws -> [Example] {
    let rows = try LabelledRows(file: path, for: task)
    for row in rows.rejected.prefix(5) { Terminal.note("\(path):\(row.line): \(row.reason)") }
    if rows.rejected.count > 5 {
        Terminal.note("\(path): \(rows.rejected.count - 5) more rows were left out")
    }
    return rows.examples
}
