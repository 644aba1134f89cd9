import ArgumentParser
import Honing

struct FetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch labelled rows now instead of at the next interval.")

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "One source of the configuration; all of them by default.")
    var source: String?

    func run() async throws {
        try await reporting {
            let receipts: [Intake.Receipt] = try await daemon.client().post(
                "/fetch", FetchOrder(source: source))
            if daemon.json { return try Terminal.print(json: receipts) }
            guard !receipts.isEmpty else { return print("The configuration names no source.") }
            for receipt in receipts {
                print(
                    "\(receipt.source): \(receipt.inserted) new rows in \(receipt.pages) pages, "
                        + "\(receipt.duplicates) known, \(receipt.quarantined) quarantined")
            }
        }
    }
}
