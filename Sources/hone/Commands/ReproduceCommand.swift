import ArgumentParser
import Foundation
import Honing

struct ReproduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Train a version once more from what is stored of it, and compare the weights.",
        discussion: """
            Rows, arguments, seed and base are those of the version's own training, each checked against \
            the hash that was written down. With the same kernels the weights come out bit for bit; where \
            they do not, this ends with exit code 1. Reads the daemon's database and registry and changes \
            neither.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "A version that Hone trained; see `hone versions`.")
    var version: Int

    @Option(help: "A folder to keep the run in, with the model under checkpoint/.", completion: .directory)
    var keep: String?

    func run() async throws {
        try await reporting {
            let folder = keep ?? FileManager.default.temporaryDirectory.path + "/hone-reproduce-\(getpid())"
            if FileManager.default.fileExists(atPath: folder) {
                throw Failure(.file, "\(folder) is there already: name a new folder with --keep")
            }
            defer { if keep == nil { try? FileManager.default.removeItem(atPath: folder) } }
            let reproduction = try await Reproduction(of: version, daemon.configuration(), in: folder)
            if let difference = reproduction.difference {
                Terminal.note("other bytes are to be expected: \(difference)")
            }
            let view = TrainingView()
            let outcome = try reproduction.run(progress: view.show)
            Terminal.endProgress()
            if daemon.json { try Terminal.print(json: outcome) } else { print(outcome.sentence) }
            if !outcome.isSame { throw ExitCode(Failure.Code.refused.rawValue) }
        }
    }
}
