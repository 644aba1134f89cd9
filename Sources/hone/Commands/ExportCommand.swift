import ArgumentParser
import Honing

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a version as a Hugging Face folder, with a model card of what was measured.",
        discussion: """
            The folder loads in transformers, text-embeddings-inference and in Hone itself. README.md is the \
            card: accuracy on the rows that judged the version, every check of the gate, what it was \
            trained on and how, and when it was live.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "The version; see `hone versions`.")
    var version: Int

    @Argument(help: "The folder to write; it must not exist, or be empty.", completion: .directory)
    var folder: String

    func run() async throws {
        try await reporting {
            let export = try await VersionExport(of: version, daemon.configuration(), to: folder)
            if daemon.json { return try Terminal.print(json: export) }
            print(export.sentence)
        }
    }
}
