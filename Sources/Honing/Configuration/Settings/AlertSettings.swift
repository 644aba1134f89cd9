import Ingest

/// Who is told when something happens.
public struct AlertSettings: Sendable, Equatable {
    /// Where people reach the dashboard; `nil` for the address in `server`.
    public var dashboard: String?
    /// Fetches of a source that fail in a row before somebody is told.
    public var sourceFailures = 3
    public var webhooks: [Webhook] = []
    public var commands: [Command] = []

    public init() {}

    /// JSON, posted to an address.
    public struct Webhook: Sendable, Equatable {
        public var name = ""
        public var url = ""
        /// Holds the key that messages are signed with.
        public var secretFile: String?
        public var events = AlertKind.allCases
        public var timeout = Duration.seconds(10)
        /// Certificates to trust instead of the system's.
        public var caFile: String?

        public init() {}
    }

    /// A program with its arguments.
    public struct Command: Sendable, Equatable {
        public var name = ""
        public var command: [String] = []
        public var events = AlertKind.allCases
        public var timeout = Duration.seconds(30)

        public init() {}
    }

    /// Every channel and what it is told.
    var kinds: [(name: String, kinds: [AlertKind])] {
        webhooks.map { (name: $0.name, kinds: $0.events) }
            + commands.map { (name: $0.name, kinds: $0.events) }
    }

    /// The ways to all channels, by their names.
    ///
    /// - Parameter folder: where the input and output of commands lie.
    func routes(folder: String) -> [String: AlertRoute] {
        var routes: [String: AlertRoute] = [:]
        for webhook in webhooks {
            routes[webhook.name] = .webhook(
                .init(
                    url: webhook.url, secretFile: webhook.secretFile, caFile: webhook.caFile,
                    timeout: webhook.timeout))
        }
        for command in commands {
            routes[command.name] = .command(
                AlertCommand(
                    arguments: command.command, timeout: command.timeout, folder: folder, name: command.name))
        }
        return routes
    }
}

extension AlertSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field(
                "dashboard", optional: \.dashboard,
                .address(
                    ["http", "https"], example: "https://hone.example.org/", secrets: "leave it out")),
            Field("source_failures", \.sourceFailures, .integer(1...1_000, example: 3)),
            Field(
                "webhooks", list: \.webhooks, namedBy: \.name, keeping: "what it was told"),
            Field(
                "commands", list: \.commands, namedBy: \.name, keeping: "what it was told"),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        for (index, command) in commands.enumerated()
        where webhooks.contains(where: { $0.name == command.name }) {
            report(
                "commands[\(index)].name", "is \"\(command.name)\", as a webhook is called",
                "give each a name of its own: what it was told is kept under it")
        }
    }
}

extension AlertSettings.Webhook: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("name", \.name, .name("operators"), isRequired: true),
            Field(
                "url", \.url,
                .address(
                    ["http", "https"], example: "https://example.org/hooks/hone",
                    secrets: "sign instead: put a key into a file and name it under secret_file"),
                isRequired: true),
            Field("secret_file", optional: \.secretFile, .path("/etc/honed/webhook-key")),
            Field("events", \.events, .choices()),
            Field("timeout", \.timeout, .duration(.seconds(1) ... .seconds(300))),
            Field("ca_file", optional: \.caFile, .path("/etc/honed/ca.pem")),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        if caFile != nil, url.lowercased().hasPrefix("http:") {
            report("ca_file", "has no use for an http address", "use https, or leave it out")
        }
    }
}

extension AlertSettings.Command: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("name", \.name, .name("pager"), isRequired: true),
            Field("command", \.command, .command, isRequired: true),
            Field("events", \.events, .choices()),
            Field("timeout", \.timeout, .duration(.seconds(1) ... .seconds(3_600))),
        ]
    }
}
