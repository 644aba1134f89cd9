import ArgumentParser
import Honing

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Is the model still good, and what is the daemon doing?",
        discussion: """
            Shows accuracy with its interval, the evidence for a change, the run under way and the \
            last verdict of the gate. With --watch the view stays and renews itself.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Renew the view every two seconds until Ctrl-C.")
    var watch = false

    func run() async throws {
        try await reporting {
            repeat {
                let status = try await current()
                if daemon.json {
                    try Terminal.print(json: status)
                } else {
                    if watch { print("\u{1B}[H\u{1B}[2J", terminator: "") }
                    print(StatusText.render(status, colour: Terminal.hasColour))
                }
                if watch { try await Task.sleep(for: .seconds(2)) }
            } while watch
        }
    }

    private func current() async throws -> Status {
        try await daemon.ask("/status") { try await $0.status() }
    }
}
