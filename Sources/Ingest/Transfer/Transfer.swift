/// One exchange with a server, or one reading of a file, as libcurl is asked for it.
struct TransferRequest: Sendable {
    var method = "GET"
    var url: String
    /// Connects to this socket instead of the address's host.
    var unixSocket: String?
    /// Whether it goes straight to the host, whatever proxy the environment names.
    var isDirect: Bool
    /// Secrets stand here, and nowhere else.
    var headers: [HeaderField] = []
    var body: [UInt8] = []
    var userAgent: String
    /// Whether the body may come packed; it is handed over unpacked.
    var acceptsEncodings = true
    /// `first-last` or `first-`, in bytes.
    var range: String?
    var connectTimeout: Duration
    var totalTimeout: Duration
    /// Without a byte; `nil` for no such limit.
    var stallTimeout: Duration?
    /// Of the body, unpacked.
    var maximumBytes: Int
    var maximumWireBytes: Int
    var caFile: String?
}

/// How a transfer came to its end.
enum TransferEnd: Sendable, Equatable {
    case complete
    /// The sink wanted no more.
    case stopped
    case overLimit(IngestError.Part, limit: Int)
    case failed(TransferFailure)
    case cancelled
}

/// Why libcurl could not go on.
struct TransferFailure: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case unreachable, untrusted, timedOut(IngestError.Phase), connectionLost, truncated, undecodable,
            notHTTP
        case fileUnreadable, invalidRequest
    }

    var kind: Kind
    /// libcurl's own words.
    var why: String
}

/// What is known when a transfer has ended.
struct TransferResult: Sendable {
    var end: TransferEnd
    var head: ResponseHead
    /// Where a 3xx answer points to, as an absolute address.
    var redirect: String?
}

/// Takes an answer in. It is called on the transfer thread, one call at a time; nothing else runs
/// there meanwhile, so the body waits on the wire until the sink has dealt with what came.
protocol BodySink: AnyObject, Sendable {
    /// Once, before the first bytes of the body.
    func begin(_ head: ResponseHead) -> BodyFlow
    func receive(_ bytes: [UInt8]) -> BodyFlow
}

/// Whether a sink wants more.
package enum BodyFlow: Sendable, Equatable {
    case proceed, stop
}

extension TransferFailure {
    /// The failure in the words of this module.
    ///
    /// - Parameter address: what was asked, for a person to read.
    func error(at address: String, _ request: TransferRequest) -> IngestError {
        let why = why.readable
        return switch kind {
        case .unreachable: .unreachable(url: address, why: why)
        case .untrusted: .untrusted(url: address, why: why)
        case .timedOut(.connecting):
            .timedOut(url: address, phase: .connecting, after: request.connectTimeout)
        case .timedOut(.stalled):
            .timedOut(url: address, phase: .stalled, after: request.stallTimeout ?? request.totalTimeout)
        case .timedOut(.total): .timedOut(url: address, phase: .total, after: request.totalTimeout)
        case .connectionLost: .connectionLost(url: address, why: why)
        case .truncated: .truncated(url: address, why: why)
        case .undecodable: .undecodable(url: address, why: why)
        case .notHTTP: .notRows(url: address, found: "it does not speak HTTP (\(why))")
        case .fileUnreadable: .fileUnreadable(path: address, why: why)
        case .invalidRequest: .invalidRequest(why: why)
        }
    }
}

extension String {
    /// Words from outside, fit for one line of a terminal or a log.
    var readable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.prefix(200).filter { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }))
    }
}
