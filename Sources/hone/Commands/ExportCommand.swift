public import ArgumentParser
import Honing

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a version for transformers or ONNX, with a model card of what was measured.",
        discussion: """
            A Hugging Face folder loads in transformers, text-embeddings-inference and in Hone itself; with \
            --format onnx it holds model.onnx, which ONNX Runtime runs, and the tokenizer. README.md is the \
            card: accuracy on the rows that judged the version, every check of the gate, what it was \
            trained on and how, and when it was live. A model folder that is no version has no card.

            EXAMPLES
              hone export 7 ./reviews-7
              hone export 7 ./reviews-7-onnx --format onnx
              hone export ./reviews-model ./reviews-onnx --format onnx
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(help: "In what form.")
    var format = ExportFormat.huggingface

    @Argument(help: "The version, see `hone versions`; or a model folder.", completion: .directory)
    var model: String

    @Argument(help: "The folder to write; it must not exist, or be empty.", completion: .directory)
    var folder: String

    func run() async throws {
        try await reporting {
            if let version = Int(model) {
                let export = try await VersionExport(
                    of: version, daemon.configuration(), as: format, to: folder)
                try show(export, export.sentence)
            } else {
                let export = try FolderExport(of: model, as: format, to: folder)
                try show(export, export.sentence)
            }
        }
    }

    private func show(_ export: some Encodable, _ sentence: String) throws {
        if daemon.json { try Terminal.print(json: export) } else { print(sentence) }
    }
}

extension ExportFormat: ExpressibleByArgument {}
