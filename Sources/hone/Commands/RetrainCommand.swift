import ArgumentParser
import Foundation
import Honing

struct RetrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrain",
        abstract: "Fine-tune the live model on what came in since, and let the gate decide.",
        discussion: """
            The run goes on in the daemon whether or not this command waits for it. A refusal by the \
            gate is an answer, not an accident: with --wait it ends with exit code 1.

            After an alarm remedies are tried from cheap to dear, each through the same gate, until one gives \
            back what was lost (retraining.ladder). --level tries one and no other:

              temperature   confidence alone, no answer changes (seconds)
              prior         the classes' shares as they are now (seconds)
              archive       the earlier version that does best on what comes now (seconds)
              head          the classifier over frozen vectors
              lora          low-rank adapters
              full          all weights, from the live version on
              base          all weights, from the first version on

            What each cost stands in the verdict and in `hone versions`.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(help: "Why, for whoever reads the history later.")
    var reason: String?

    @Flag(help: "Follow the run until its verdict.")
    var wait = false

    @Flag(help: "Promote the result even if the gate refuses it. Needs --reason.")
    var force = false

    @Option(help: "Try this remedy and no other.", completion: .list(RetrainOrder.levels))
    var level: String?

    func validate() throws {
        guard let level, !RetrainOrder.levels.contains(level) else { return }
        throw ValidationError(
            "--level \(level): choose among \(RetrainOrder.levels.joined(separator: ", "))")
    }

    func run() async throws {
        try await reporting {
            let client = try daemon.client()
            let order = RetrainOrder(
                reason: reason, requestedBy: operatorName(), force: force, level: level)
            let answer: [String: Int64] = try await client.post("/retrain", order)
            let run = answer["run"] ?? 0
            guard wait else {
                if daemon.json { return try Terminal.print(json: answer) }
                return print("Run \(run) is queued. Follow it with `hone status --watch`.")
            }
            try await follow(run, client)
        }
    }

    private func follow(_ id: Int64, _ client: DaemonClient) async throws {
        var last: String?
        while true {
            let run: RunSummary = try await client.get("/runs/\(id)")
            guard run.isFinished else {
                let line = run.progressLine
                if line != last { Terminal.progress(line) }
                last = line
                try await Task.sleep(for: .seconds(1))
                continue
            }
            Terminal.endProgress()
            if daemon.json { try Terminal.print(json: run) } else { print(run.verdictText) }
            if !run.isPromoted { throw ExitCode(Failure.Code.refused.rawValue) }
            return
        }
    }
}
