import ArgumentParser
import Honing

/// The operator's tool.
@main
struct Hone: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hone",
        abstract: "Keep a fine-tuned language model honest: watch it, retrain it, roll it back.",
        discussion: """
            Most commands ask the running daemon (honed) over its control socket. Where the daemon is \
            down, status, report and versions read its database and say so.

            EXIT CODES
              0   done
              1   refused or failed: the gate said no, a check found a problem
              64  the command line is wrong            65  the input data is wrong
              69  the daemon does not answer           74  a file cannot be read or written
              77  not permitted                        78  the configuration is wrong
            """,
        version: honeVersion,
        groupedSubcommands: [
            CommandGroup(
                name: "Watching",
                subcommands: [
                    StatusCommand.self, ReportCommand.self, VersionsCommand.self, AuditCommand.self,
                    ExplainCommand.self, SimulateCommand.self,
                ]),
            CommandGroup(
                name: "Acting",
                subcommands: [
                    RetrainCommand.self, RollbackCommand.self, PromoteCommand.self, FetchCommand.self,
                    ImportCommand.self, LabelCommand.self,
                ]),
            CommandGroup(
                name: "Models and data",
                subcommands: [
                    PullCommand.self, PredictCommand.self, GenerateCommand.self, PretrainCommand.self,
                    TrainCommand.self, TuneCommand.self, EvaluateCommand.self, ReproduceCommand.self,
                    ExportCommand.self, DataCommand.self,
                ]),
            CommandGroup(
                name: "Setting up",
                subcommands: [
                    CheckCommand.self, BenchCommand.self, SelftestCommand.self, CompletionsCommand.self,
                ]),
        ])
}
