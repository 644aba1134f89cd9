/// A request to an HTTP server, over TCP or a Unix socket.
public struct WebRequest: Sendable {
    public var method: String
    public var url: String
    /// The path of a socket to connect to instead of the address's host.
    public var unixSocket: String?
    public var headers: [String: String]
    public var body: [UInt8]
    /// For the whole exchange.
    public var timeout: Duration
    /// Of the answer's body.
    public var maximumBytes: Int
    /// Certificates to trust instead of the system's.
    public var caFile: String?

    public init(
        method: String = "GET", url: String, unixSocket: String? = nil, headers: [String: String] = [:],
        body: [UInt8] = [], timeout: Duration = .seconds(30), maximumBytes: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.unixSocket = unixSocket
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumBytes = maximumBytes
    }
}

/// An answer with its whole body, whatever its status.
public struct WebResponse: Sendable {
    public var statusCode: Int
    /// By lowercase name; of several with one name the last.
    public var headers: [String: String]
    public var body: [UInt8]
}

/// Asks one question and takes one answer: no redirects, no retries.
public struct WebClient: Sendable {
    private let userAgent: String

    public init(userAgent: String = "hone") {
        self.userAgent = userAgent
    }

    /// - Throws: `IngestError` where no whole answer came, `CancellationError` when the task is cancelled.
    public func send(_ request: WebRequest) async throws -> WebResponse {
        let address = try Address(request.url)
        guard address.scheme != .file else {
            throw IngestError.invalidURL(address.printable, why: "it is no HTTP address")
        }
        guard HeaderField.isName(request.method) else {
            throw IngestError.invalidRequest(why: "the method is not a word")
        }
        let body = CollectedBody()
        let transfer = TransferRequest(
            method: request.method, url: address.url, unixSocket: request.unixSocket,
            isDirect: request.unixSocket != nil || address.isLoopback,
            headers: request.headers.sorted { $0.key < $1.key }.map { HeaderField($0.key, $0.value) },
            body: request.body, userAgent: userAgent, connectTimeout: min(request.timeout, .seconds(10)),
            totalTimeout: request.timeout, maximumBytes: request.maximumBytes,
            maximumWireBytes: request.maximumBytes, caFile: request.caFile)
        let result = try await CurlLoop.network.run(transfer, into: body)
        let place = request.unixSocket ?? address.printable
        switch result.end {
        case .complete, .stopped: break
        case .overLimit(_, let limit):
            throw IngestError.connectionLost(url: place, why: "the answer is longer than \(limit) bytes")
        case .failed(let failure) where failure.kind == .timedOut(.total):
            throw IngestError.connectionLost(
                url: place, why: "there was no whole answer within \(request.timeout.seconds)")
        case .failed(let failure):
            throw failure.error(at: place, transfer)
        case .cancelled: throw CancellationError()
        }
        return WebResponse(
            statusCode: result.head.statusCode,
            headers: Dictionary(
                result.head.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last }),
            body: body.bytes)
    }
}
