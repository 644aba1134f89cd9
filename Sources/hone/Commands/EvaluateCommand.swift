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

            Beside the figures stand the parts of the rows that fare worst, by label, length, language and the             columns that --slice names, and how many answers are right for each confidence.

            With --against two models answer the same rows, and a paired test says whether one is better. A \
            fair comparison takes rows that neither learned from.

            With --swaps each text that holds a term of a list is asked about twice, with the other term in \
            its place the second time: an answer that changes with a name or a pronoun is one to look at. The \
            file holds lines such as `he <-> she`.

            EXAMPLES
              hone evaluate ./reviews-model tweets.jsonl
              hone evaluate ./names-model e.conll f.conll
              hone evaluate ./reviews-model tweets.jsonl --slice country --html evaluation.html
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

    @Option(
        name: .customLong("slice"),
        help: "A column by whose values the rows are looked at in parts; may be given several times.")
    var columns: [String] = []

    @Option(help: "Write the evaluation to this file as a page, with pictures.", completion: .file())
    var html: String?

    @Flag(help: "Print JSON for scripts.")
    var json = false

    func validate() throws {
        guard against == nil || swaps == nil else {
            throw ValidationError("give --against or --swaps: each is a question of its own")
        }
        guard html == nil && columns.isEmpty || against == nil && swaps == nil else {
            throw ValidationError("--html and --slice are of an evaluation without --against and --swaps")
        }
    }

    func run() async throws {
        try await reporting {
            let (folder, model) = (model, try FolderModel(model))
            let examples = try rows.flatMap { try labelledRows($0, for: model.task, keeping: columns) }
            if let against {
                let comparison = try model.compare(
                    with: FolderModel(against), named: (folder, against), on: examples)
                if json { return try Terminal.print(json: comparison) }
                return print(comparison.text)
            }
            if let swaps {
                let report = try model.swapReport(on: examples, TermSwaps(contentsOfFile: swaps))
                if json { return try Terminal.print(json: report) }
                return print(report.text)
            }
            for column in columns where !examples.contains(where: { $0.metadata[column] != nil }) {
                throw Failure(.data, "no row has a column \"\(column)\": name one that is in the file")
            }
            let evaluation = try model.evaluate(examples)
            if let html {
                let page = EvaluationPage(evaluation, model: folder, rows: rows.joined(separator: ", "))
                do {
                    try Data(page.html.utf8).write(to: URL(filePath: html), options: .atomic)
                } catch {
                    throw Failure(.file, "\(html) cannot be written: \(obstacle(error))")
                }
                Terminal.note("wrote \(html)")
            }
            if json { return try Terminal.print(json: evaluation) }
            print(evaluation.text)
        }
    }
}

/// The labelled rows of a file; rows that cannot be read are said on standard error and left out.
func labelledRows(
    _ path: String, for task: TaskKind, keeping columns: [String] = []
) throws -> [Example] {
    let rows = try LabelledRows(file: path, for: task, keeping: columns)
    for row in rows.rejected.prefix(5) { Terminal.note("\(path):\(row.line): \(row.reason)") }
    if rows.rejected.count > 5 {
        Terminal.note("\(path): \(rows.rejected.count - 5) more rows were left out")
    }
    return rows.examples
}
