import ArgumentParser
import Foundation
import Honing
import Ingest
import Synchronization

struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch a model folder from a Hugging Face hub.",
        discussion: """
            Only the files that Hone needs are fetched: config.json, the tokenizer's files and \
            safetensors. An interrupted pull goes on where it was; what the hub states of size and \
            checksum is compared. HF_ENDPOINT names another hub, HF_TOKEN is shown to that hub alone.

            EXAMPLES
              hone pull sentence-transformers/all-MiniLM-L6-v2
              hone pull distilbert/distilgpt2@main --output ./distilgpt2
            """)

    @Argument(help: "ORG/NAME, or ORG/NAME@REVISION for a branch, a tag or a commit.")
    var model: String

    @Option(help: "The folder to make; the model's name by default.", completion: .directory)
    var output: String?

    @Flag(help: "Print JSON for scripts.")
    var json = false

    private struct Receipt: Encodable {
        var model: String
        var commit: String
        var folder: String
        var files: [String]
        var bytes: Int?
    }

    func run() async throws {
        try await reporting {
            let model = try HubModel(model)
            let environment = ProcessInfo.processInfo.environment
            let endpoint = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
            let token = environment["HF_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
            let client = try HubClient(
                endpoint: endpoint ?? "https://huggingface.co", token: token, userAgent: "hone/\(honeVersion)"
            )
            let folder = output ?? model.shortName
            let meter = PullMeter()
            defer { Terminal.endProgress() }
            let snapshot = try await client.pull(model, into: folder) { meter.show($0, $1) }
            Terminal.endProgress()
            let receipt = Receipt(
                model: model.description, commit: snapshot.commit, folder: folder,
                files: snapshot.files.map(\.name), bytes: snapshot.size)
            if json { return try Terminal.print(json: receipt) }
            print(
                "\(model) at \(snapshot.commit.prefix(12)) is in \(folder): \(snapshot.files.count) files"
                    + (snapshot.size.map { ", " + Honing.size($0) } ?? ""))
        }
    }
}

/// Shows how far a file has come, ten times a second at most.
private final class PullMeter: Sendable {
    private struct Mark {
        var name = ""
        var began = ContinuousClock.now
        var first = 0
        var shown = ContinuousClock.now - .seconds(1)
    }

    private let mark = Mutex(Mark())

    func show(_ file: HubSnapshot.File, _ bytes: Int) {
        let now = ContinuousClock.now
        let line = mark.withLock { mark -> String? in
            if mark.name != file.name {
                (mark.name, mark.began, mark.first) = (file.name, now, bytes)
            } else if now - mark.shown < .milliseconds(100) {
                return nil
            }
            mark.shown = now
            let share = file.size.map { "\(100 * bytes / max(1, $0)) % of \(Honing.size($0))" }
            let rate = Double(bytes - mark.first) / max((now - mark.began) / .seconds(1), 0.1)
            return "\(file.name)  \(share ?? Honing.size(bytes))  \(Honing.size(Int(rate)))/s"
        }
        if let line { Terminal.progress(line) }
    }
}
