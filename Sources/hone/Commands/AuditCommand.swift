import ArgumentParser
import Honing

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "What served when, and whether the record of it is whole.",
        discussion: """
            Every change of what answers clients is an entry that holds the hash of the one before. This \
            command reads the database itself, whether the daemon runs or not, and verifies each entry \
            against its hash, the one before, the promotions and the registered weights. Whoever can write \
            the file can also write a whole new chain: note the last hash elsewhere now and then, and have \
            it looked for with --witness. Ends with exit code 1 where the trail is broken.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(help: "A hash that was the last one once: the trail must hold it still.")
    var witness: String?

    func run() async throws {
        try await reporting {
            let report = try await AuditReport(daemon.configuration(), witness: witness)
            if daemon.json { try Terminal.print(json: report) } else { print(report.text) }
            if !report.isWhole { throw ExitCode(Failure.Code.refused.rawValue) }
        }
    }
}
