import ArgumentParser
import Honing

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Lets another policy live through the stored history: when it would have trained, at what cost.",
        discussion: """
            The stored rows go through the watch and the policy once more, with the settings of a file: groups \
            watching and retraining of honed.yaml; what it leaves out stays as configured, and dry_run counts for \
            nothing. When it would have fired, what that would have cost and spared stands beside what \
            happened. What nobody can know is assumed, and said. This command only reads the database, whether the \
            daemon runs or not.

            EXAMPLES
              hone simulate --policy eager.yaml
              hone simulate --policy eager.yaml --since 30d --json | jq .policy
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(help: ArgumentHelp("The policy to try; without it the one in force.", valueName: "file"))
    var policy: String?

    @OptionGroup var stretch: StretchOptions

    func run() async throws {
        try await reporting {
            let configuration = try daemon.configuration()
            let current = TriggerSettings(configuration)
            let settings = try policy.map { try TriggerSettings.read($0, over: current) } ?? current
            let (since, until) = try stretch.dates()
            let simulation = try await Simulator(configuration).simulate(settings, since: since, until: until)
            if daemon.json { try Terminal.print(json: simulation) } else { print(simulation.text) }
        }
    }
}
