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
        abstract: "Put a version through the gate, and make it live if it passes.",
        discussion: """
            The version is judged against the live one as a run's would be, on rows that neither learned \
            from, and its trial counts as one of the anchor's. With --force and a --reason it becomes live \
            whatever the gate would say; the reason stays in the history.
            """)

    @OptionGroup var daemon: DaemonOptions

    @Argument(help: "The version; see `hone versions`.")
    var version: Int

    @Option(help: "Why, for whoever reads the history later.")
    var reason: String?

    @Flag(help: "Past the gate. Needs --reason.")
    var force = false

    func validate() throws {
        guard !force || reason != nil else {
            throw ValidationError("--force needs a --reason: it stays in the history")
        }
    }

    func run() async throws {
        try await reporting {
            let order = PromotionOrder(
                version: version, reason: reason, requestedBy: operatorName(), force: force)
            let receipt: PromotionReceipt = try await daemon.client().post("/promote", order)
            if daemon.json { return try Terminal.print(json: receipt) }
            print(receipt.sentence)
        }
    }
}
