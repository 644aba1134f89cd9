import ArgumentParser
import Honing

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Put an earlier version back in charge, without losing a request.",
        discussion: "Without a VERSION it is the one that was live before the current one.")

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "The version to return to; see `hone versions`.")
    var version: Int?

    @Option(help: "Why, for whoever reads the history later.")
    var reason: String?

    func run() async throws {
        try await reporting {
            let order = PromotionOrder(version: version, reason: reason, requestedBy: operatorName())
            let receipt: PromotionReceipt = try await daemon.client().post("/rollback", order)
            if daemon.json { return try Terminal.print(json: receipt) }
            print(receipt.sentence)
        }
    }
}

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Make a version live by hand, past the gate. Needs a reason.")

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "The version; see `hone versions`.")
    var version: Int

    @Option(help: "Why, for whoever reads the history later.")
    var reason: String

    func run() async throws {
        try await reporting {
            let order = PromotionOrder(version: version, reason: reason, requestedBy: operatorName())
            let receipt: PromotionReceipt = try await daemon.client().post("/promote", order)
            if daemon.json { return try Terminal.print(json: receipt) }
            print(receipt.sentence)
        }
    }
}
