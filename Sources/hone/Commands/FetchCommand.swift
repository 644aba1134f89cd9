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
            if daemon.json {
                try Terminal.print(json: receipts)
            } else if receipts.isEmpty {
                print("The configuration names no source.")
            } else {
                for receipt in receipts { show(receipt) }
            }
            if receipts.contains(where: { $0.error != nil }) { throw ExitCode(Failure.Code.refused.rawValue) }
        }
    }

    private func show(_ receipt: Intake.Receipt) {
        if receipt.pages > 0 || receipt.error == nil {
            print(
                "\(receipt.source): \(receipt.inserted) new rows in \(receipt.pages) "
                    + "page\(receipt.pages == 1 ? "" : "s"), \(receipt.duplicates) known, "
                    + "\(receipt.quarantined) quarantined"
                    + (receipt.hasMore ? "; it has more: fetch again, or wait for its interval" : ""))
        }
        if let error = receipt.error { Terminal.note("hone: \(receipt.source): \(error)") }
    }
}
