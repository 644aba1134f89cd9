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
    guard let bytes = FileManager.default.contents(atPath: path) else {
        throw Failure(.file, "\(path) cannot be read: does it exist?")
    }
    let format: RowFormat = path.lowercased().hasSuffix(".csv") ? .csv : .jsonLines
    let reader = RowReader(format: format, columns: ColumnMapping(text: "text", label: "label"))
    let (examples, rejected) = reader.read(Array(bytes))
    for row in rejected.prefix(5) { Terminal.note("\(path):\(row.line): \(row.reason)") }
    if rejected.count > 5 { Terminal.note("\(path): \(rejected.count - 5) more rows were left out") }
    let labelled = examples.filter { $0.label != nil }
    guard !labelled.isEmpty else {
        throw Failure(.data, "\(path) has no labelled row: each line needs \"text\" and \"label\"")
    }
    return labelled
}
