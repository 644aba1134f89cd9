/// The HTTP face: where it listens and what it lets in.
public struct ServerSettings: Sendable, Equatable {
    public var host = "127.0.0.1"
    public var port = 8080
    /// A file whose first line clients must send as a bearer token.
    public var apiKeyFile: String?
    public var limits = Limits()
    /// In which the model's products are computed.
    public var precision = ServingPrecision.auto

    public init() {}

    /// The address of the dashboard, as this machine knows it.
    var home: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)/" }

    /// What one client may ask for, and what one batch may hold.
    public struct Limits: Sendable, Equatable {
        public var bodyBytes = 2_000_000
        public var textsPerRequest = 32
        /// Texts that may wait before new ones are answered with 429.
        public var queue = 512
        /// How long a request may wait for its turn before it is answered with 503.
        public var queueTimeout = Duration.seconds(10)
        /// Tokens that share a batch.
        public var tokensPerBatch = 16_384

        public init() {}
    }
}

extension ServerSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("host", \.host, .text("127.0.0.1"), needsRestart: true),
            Field("port", \.port, .integer(1...65_535, example: 8080), needsRestart: true),
            Field("api_key_file", optional: \.apiKeyFile, .path("/etc/honed/api-key"), needsRestart: true),
            Field("limits", section: \.limits),
            Field("precision", \.precision, .choice, needsRestart: true),
        ]
    }
}

extension ServerSettings.Limits: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("body", \.bodyBytes, .bytes(1_000...100_000_000), needsRestart: true),
            Field(
                "texts_per_request", \.textsPerRequest, .integer(1...10_000, example: 32), needsRestart: true),
            Field("queue", \.queue, .integer(1...1_000_000, example: 512), needsRestart: true),
            Field(
                "queue_timeout", \.queueTimeout, .duration(.seconds(1) ... .seconds(3_600)),
                needsRestart: true),
            Field(
                "tokens_per_batch", \.tokensPerBatch, .integer(512...1_000_000, example: 16_384),
                needsRestart: true),
        ]
    }
}

/// The operator's door: a Unix socket that `hone` talks to.
public struct ControlSettings: Sendable, Equatable {
    public var socket = "/run/honed/control.sock"
    /// Who may use it, as file permissions.
    public var mode = 0o660
    /// The group that the socket is given to.
    public var group = "hone"

    public init() {}
}

extension ControlSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("socket", \.socket, .path("/run/honed/control.sock"), needsRestart: true),
            Field("mode", \.mode, .permissions, needsRestart: true),
            Field("group", \.group, .name("hone"), needsRestart: true),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        // sockaddr_un holds 108 bytes, the last of which is zero.
        if socket.utf8.count > 107 {
            report(
                "socket", "has \(socket.utf8.count) bytes, more than the 107 of a socket path",
                "choose a shorter one")
        }
        if mode & 0o007 != 0 {
            report(
                "mode", "lets every user of the machine control the daemon", "end it with 0, as in \"0660\"")
        }
    }
}
