/// Why a page could not be fetched. Each description is a sentence that says what went wrong, where,
/// why, and what to do; none holds a secret or the query of an address.
public indirect enum IngestError: Error, Sendable, Equatable {
    // The request
    case invalidURL(String, why: String)
    case invalidRequest(why: String)
    case secretUnusable(path: String, why: String)
    case fileUnreadable(path: String, why: String)

    // The way
    case unreachable(url: String, why: String)
    case untrusted(url: String, why: String)
    case timedOut(url: String, phase: Phase, after: Duration)
    case connectionLost(url: String, why: String)
    case redirectRefused(url: String, target: String, why: String)

    // The answer
    case status(url: String, code: Int, retryAfter: Duration?)
    case truncated(url: String, why: String)
    case tooLarge(url: String, part: Part, limit: Int)
    case notRows(url: String, found: String)
    case undecodable(url: String, why: String)
    case wrongRange(url: String, why: String)

    // The rows
    case missingColumn(url: String, column: String, found: [String])
    case noUsableRow(url: String, count: Int, first: String)

    /// The last of several attempts.
    case gaveUp(attempts: Int, last: IngestError)

    /// Where the time went.
    public enum Phase: String, Sendable {
        case connecting, stalled, total
    }

    /// What was more than allowed.
    public enum Part: String, Sendable {
        case head, wire, body, rows, row
    }

    /// Whether the same request may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .unreachable, .timedOut, .connectionLost, .truncated: true
        case .status(_, let code, _): code == 429 || (500..<600).contains(code)
        default: false
        }
    }

    /// How long the source asked to be left alone.
    package var retryAfter: Duration? {
        if case .status(_, _, let pause) = self { pause } else { nil }
    }
}

extension IngestError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidURL(let url, let why):
            "the address \(url) cannot be used: \(why); correct the url of the source"
        case .invalidRequest(let why):
            "the request cannot be made: \(why); correct the headers and credentials of the source"
        case .secretUnusable(let path, let why):
            "the secret in \(path) cannot be used: \(why); put it there as one line that the daemon's user may read"
        case .fileUnreadable(let path, let why):
            "the file \(path) cannot be read: \(why); check the path and the rights of the daemon's user"
        case .unreachable(let url, let why):
            "no connection to \(url): \(why); check the address, the network and whether the server runs"
        case .untrusted(let url, let why):
            "the server at \(url) cannot be trusted: \(why); if its certificate is signed by your own authority, "
                + "name that authority's PEM file as ca_file"
        case .timedOut(let url, let phase, let limit):
            "\(url) \(phase.sentence(limit.seconds))"
        case .connectionLost(let url, let why):
            "the connection to \(url) broke: \(why); look at the server and the way to it"
        case .redirectRefused(let url, let target, let why):
            "\(url) redirects to \(target), which was not followed: \(why); "
                + "if the new address is right, put it into the source"
        case .status(let url, let code, let pause):
            "\(url) answered with status \(code)\(Self.remedy(code, pause))"
        case .truncated(let url, let why):
            "the page from \(url) is not whole: \(why); nothing of it was taken, "
                + "and it will be asked for again; if it stays so, look at the server"
        case .tooLarge(let url, let part, let limit):
            "the page from \(url) \(part.sentence(limit))"
        case .notRows(let url, let found):
            "\(url) did not answer with rows: \(found)"
        case .undecodable(let url, let why):
            "the page from \(url) cannot be unpacked: \(why); look at the server's Content-Encoding"
        case .wrongRange(let url, let why):
            "\(url) did not answer the byte range that was asked for: \(why); "
                + "if the server cannot do better, use another kind of cursor"
        case .missingColumn(let url, let column, let found):
            "the header of \(url) has no column \"\(column)\", so the page was left; "
                + "it has \(Self.list(found)); name the one that holds the text in the source, "
                + "as in `columns: {text: \"\(found.first ?? "text")\"}`"
        case .noUsableRow(let url, let count, let first):
            "none of the \(count) rows from \(url) can be used, so the page was left; the first says: \(first); "
                + "check format and columns of the source"
        case .gaveUp(let attempts, let last):
            "\(last) (tried \(attempts) times)"
        }
    }

    /// A header may name more than a log line can bear.
    private static func list(_ columns: [String]) -> String {
        let shown = columns.prefix(20).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
        return columns.count > 20 ? "\(shown) and \(columns.count - 20) more" : shown
    }

    private static func remedy(_ code: Int, _ pause: Duration?) -> String {
        switch code {
        case 300..<400: ", a redirect without a usable target; check the address"
        case 401, 403:
            ", so it does not accept the credentials; check the secret file of the source and its rights"
        case 404, 410: ", so there is nothing there; check the address"
        case 407: ", which comes from a proxy; check the https_proxy variable of the service"
        case 429:
            pause.map { " and asks to be left alone for \($0.seconds); lengthen the interval of the source" }
                ?? ", so it is asked too often; lengthen the interval of the source"
        case 500..<600: ", a fault of the server; it will be asked again at the next interval"
        default: "; check the address and the headers of the source"
        }
    }
}

extension IngestError.Phase {
    fileprivate func sentence(_ limit: String) -> String {
        switch self {
        case .connecting:
            "did not accept a connection within \(limit); check the address, or raise timeouts.connect"
        case .stalled: "sent nothing for \(limit); if it needs longer to begin, raise timeouts.stall"
        case .total: "did not send its page within \(limit); ask for smaller pages, or raise timeouts.total"
        }
    }
}

extension IngestError.Part {
    fileprivate func sentence(_ limit: Int) -> String {
        switch self {
        case .head: "begins with more than \(limit) bytes of headers; the server is broken or hostile"
        case .wire: "is more than \(limit) bytes on the wire; ask for smaller pages, or raise limits.wire"
        case .body: "is more than \(limit) bytes unpacked; ask for smaller pages, or raise limits.page"
        case .rows: "has more than \(limit) rows; ask for smaller pages, or raise limits.rows_per_page"
        case .row: "has a row that does not end within \(limit) bytes; repair the file, or raise limits.page"
        }
    }
}

extension Duration {
    /// As a person writes it: "10 s", "0.25 s".
    var seconds: String {
        let value = self / .seconds(1)
        return value == value.rounded() ? "\(Int(value)) s" : "\((value * 1_000).rounded() / 1_000) s"
    }
}
