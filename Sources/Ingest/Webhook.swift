import Corpus
import FoundationEssentials

/// Posts messages to an address, signed so that whoever takes them can tell who sent them.
///
/// Three headers go with the JSON: `X-Hone-Event`, what kind of message it is; `X-Hone-Delivery`, the
/// message's own name, the same each time that it is sent again; `X-Hone-Signature`, where there is a
/// secret, `sha256=` and the HMAC of the body's bytes. Redirects are not followed: a message goes where it
/// was told to go, or nowhere.
public struct Webhook: Sendable, Equatable {
    public var url: String
    /// Holds the key on its only line; read anew for each message. `nil`: messages are not signed.
    public var secretFile: String?
    /// Certificates to trust instead of the system's.
    public var caFile: String?
    /// For the whole exchange.
    public var timeout: Duration

    public init(url: String, secretFile: String? = nil, caFile: String? = nil, timeout: Duration) {
        self.url = url
        self.secretFile = secretFile
        self.caFile = caFile
        self.timeout = timeout
    }

    /// What a receiver says is of no interest beyond its status.
    private static let mostBytes = 64 << 10

    /// - Throws: `IngestError` where messages could not be signed.
    public func checkSecret() throws {
        if let secretFile { _ = try Secret(file: secretFile) { _ in } }
    }

    /// - Parameters:
    ///   - kind: for `X-Hone-Event`.
    ///   - delivery: for `X-Hone-Delivery`.
    /// - Throws: `WebhookError` for an answer other than 2xx, `IngestError` where none came or the secret
    ///   cannot be read, `CancellationError` when the task is cancelled.
    public func post(
        _ json: [UInt8], kind: String, delivery: String, by client: WebClient,
        warn: @Sendable (String) -> Void = { _ in }
    ) async throws {
        var headers = [
            "Content-Type": "application/json", "X-Hone-Event": kind, "X-Hone-Delivery": delivery,
        ]
        if let secretFile {
            let secret = try Secret(file: secretFile, warn: warn).value
            headers["X-Hone-Signature"] = "sha256=" + hmacSHA256(of: json, key: Array(secret.utf8))
        }
        var request = WebRequest(
            method: "POST", url: url, headers: headers, body: json, timeout: timeout,
            maximumBytes: Self.mostBytes)
        request.caFile = caFile
        let answer = try await client.send(request)
        guard !(200..<300).contains(answer.statusCode) else { return }
        throw WebhookError(
            address: try Address(url).printable, statusCode: answer.statusCode,
            retryAfter: answer.headers["retry-after"].flatMap { Ingest.retryAfter($0, now: Date()) })
    }
}

/// The receiver of a webhook did not accept a message.
public struct WebhookError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Without its query.
    public let address: String
    public let statusCode: Int
    /// How long it asked to be left alone.
    public let retryAfter: Duration?

    public var description: String {
        "\(address) answered with status \(statusCode)\(remedy)"
    }

    private var remedy: String {
        switch statusCode {
        case 300..<400: ", a redirect, which is not followed; put the address that it leads to into url"
        case 401, 403: ", so it does not accept the signature; check secret_file, here and there"
        case 404, 410: ", so there is nothing there; check url"
        case 429: ", so it is told too much at once"
        case 500..<600: ", a fault of the receiver"
        default: "; see what the receiver says in its log"
        }
    }
}
