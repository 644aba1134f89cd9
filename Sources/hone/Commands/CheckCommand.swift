import ArgumentParser
import Honing

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check configuration, directories, model and sources before they matter.",
        discussion: "Every problem comes with its remedy. Ends with exit code 1 if there is one.")

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Do not ask the sources over the network.")
    var offline = false

    func run() async throws {
        try await reporting {
            let findings = await Checkup(try daemon.configuration(), reachSources: !offline).run()
            if daemon.json {
                try Terminal.print(json: findings)
            } else {
                for finding in findings { print(finding.line(colour: Terminal.hasColour)) }
            }
            if findings.contains(where: { $0.level == .problem }) {
                throw ExitCode(Failure.Code.refused.rawValue)
            }
        }
    }
}
