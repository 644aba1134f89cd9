import ArgumentParser
import Foundation
import Honing

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take a Hugging Face model folder into the registry.",
        discussion: """
            A first version becomes live when it does well enough on the hold-out of --examples; \
            later ones wait for `hone promote`, and --promote asks no question. The rows are stored: \
            their hold-out is what the model is measured against from now on, the rest is what \
            later runs replay so that nothing is forgotten.

            EXAMPLE
              hone import ./reviews-model --examples reviews.jsonl --reason "first model"
            """)

    @OptionGroup var daemon: DaemonOptions

    @Argument(
        help: "The folder with config.json, model.safetensors and tokenizer.json.", completion: .directory)
    var folder: String

    @Option(help: "Labelled rows of the model (JSON Lines with text and label).", completion: .file())
    var examples: String?

    @Option(help: "Why, for whoever reads the history later.")
    var reason: String?

    @Flag(help: "Make it live at once, past the gate. Needs --reason.")
    var promote = false

    func run() async throws {
        try await reporting {
            let order = ImportOrder(
                folder: absolute(folder), examples: examples.map(absolute), reason: reason,
                requestedBy: operatorName(), promote: promote)
            let client = try daemon.client()
            let receipt: ImportReceipt
            if try await client.isAnswering() {
                receipt = try await client.post("/import", order)
            } else {
                receipt = try await Loop.importOffline(order, try daemon.configuration())
            }
            if daemon.json { return try Terminal.print(json: receipt) }
            print(receipt.sentence)
        }
    }

    private func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path
    }
}
