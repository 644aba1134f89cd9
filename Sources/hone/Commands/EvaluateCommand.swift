import ArgumentParser
import Corpus
import Foundation
import Honing

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "How good a model folder is on labelled rows.",
        discussion: """
            EXAMPLE
              hone evaluate ./reviews-model tweets.jsonl
            """)

    @Argument(help: "The model folder.", completion: .directory)
    var model: String

    @Argument(help: "Labelled rows (JSON Lines or CSV with text and label).", completion: .file())
    var rows: String

    @Flag(help: "Print JSON for scripts.")
    var json = false

    func run() async throws {
        try await reporting {
            let examples = try labelledRows(rows)
            let evaluation = try FolderModel(model).evaluate(examples)
            if json { return try Terminal.print(json: evaluation) }
            print(evaluation.text)
        }
    }
}

/// The labelled rows of a file; rows that cannot be read are said on standard error and left out.
func labelledRows(_ path: String) throws -> [Example] {
    let rows = try LabelledRows(file: path)
    for row in rows.rejected.prefix(5) { Terminal.note("\(path):\(row.line): \(row.reason)") }
    if rows.rejected.count > 5 {
        Terminal.note("\(path): \(rows.rejected.count - 5) more rows were left out")
    }
    return rows.examples
}
