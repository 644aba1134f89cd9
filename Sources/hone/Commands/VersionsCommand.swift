import ArgumentParser
import Foundation
import Honing

struct VersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "All model versions: where they came from, what they were worth, which one is live.")

    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        try await reporting {
            let versions = try await load()
            if daemon.json { return try Terminal.print(json: versions) }
            guard !versions.isEmpty else {
                return print("The registry is empty: import a first model with `hone import FOLDER`.")
            }
            print(ModelSummary.table(versions, colour: Terminal.hasColour))
        }
    }

    private func load() async throws -> [ModelSummary] {
        try await daemon.ask("/versions") { try await $0.versions() }
    }
}
