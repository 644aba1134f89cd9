import ArgumentParser
import Honing

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Reaches an alarm or a decision of the gate again, from what is stored.",
        discussion: """
            An alarm is replayed row by row through the detector that raised it; a trial is judged again from \
            its measured figures by the policy of its time. Stored and replayed figures stand side by side. This \
            command reads the database itself, whether the daemon runs or not. Ends with exit code 1 where a \
            figure comes out otherwise.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "detection/17, gate/3, or run/12 for a run's last trial; without it they are listed.")
    var id: String?

    func run() async throws {
        try await reporting {
            let explainer = try Explainer(daemon.configuration())
            guard let id else {
                let lines = try await explainer.list()
                if daemon.json { try Terminal.print(json: lines) } else { lines.forEach { print($0) } }
                return
            }
            let explanation = try await explainer.explain(id)
            if daemon.json { try Terminal.print(json: explanation) } else { print(explanation.text) }
            if explanation.isSame == false { throw ExitCode(Failure.Code.refused.rawValue) }
        }
    }
}
