import Glibc

/// A connection that says one request after another and reads the answers: what a load generator needs,
/// at a cost that leaves the machine to the server.
///
/// Blocking, so it belongs to a thread of its own.
final class HTTPConnection {
    struct Answer {
        var status: Int
        /// Of `x-compute-tokens`: what the model read.
        var tokens: Int
        var isLast: Bool
    }

    private let socket: Int32
    private var buffer: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    /// - Parameters:
    ///   - host: an IPv4 address or a name.
    /// - Throws: `HTTPBenchmarkError.unreachable`.
    init(host: String, port: Int) throws(HTTPBenchmarkError) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, "\(port)", &hints, &found) == 0, let first = unsafe found else {
            throw .unreachable(host: host, port: port, reason: "the name is not known")
        }
        defer { unsafe freeaddrinfo(first) }
        var reason = ""
        var next: UnsafeMutablePointer<addrinfo>? = unsafe first
        while let address = unsafe next {
            let descriptor = unsafe Glibc.socket(
                address.pointee.ai_family, address.pointee.ai_socktype, address.pointee.ai_protocol)
            if unsafe descriptor >= 0
                && connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
            {
                var (yes, wait) = (Int32(1), timeval(tv_sec: 30, tv_usec: 0))
                unsafe setsockopt(
                    descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                unsafe setsockopt(
                    descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
                socket = descriptor
                return
            }
            reason = unsafe String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            unsafe next = address.pointee.ai_next
        }
        throw .unreachable(host: host, port: port, reason: reason)
    }

    deinit { close(socket) }

    /// Sends a request as it stands and reads the whole answer.
    func send(_ request: [UInt8]) throws(HTTPBenchmarkError) -> Answer {
        var sent = 0
        while sent < request.count {
            let count = unsafe request.withUnsafeBytes {
                unsafe Glibc.send(
                    socket, $0.baseAddress! + sent, request.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw .brokenOff }
            sent += count
        }
        var end = headEnd()
        while end == nil {
            try receive()
            end = headEnd()
        }
        let head = String(decoding: buffer[..<end!], as: UTF8.self).lowercased()
        let lines = head.split(separator: "\r\n")
        func number(_ name: String) -> Int? {
            lines.first { $0.hasPrefix(name + ":") }.flatMap {
                Int($0.dropFirst(name.count + 1).drop { $0 == " " })
            }
        }
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let length = number("content-length")
        else { throw .notUnderstood }
        while buffer.count < end! + 4 + length { try receive() }
        buffer.removeFirst(end! + 4 + length)
        return Answer(
            status: status, tokens: number("x-compute-tokens") ?? 0,
            isLast: lines.contains("connection: close"))
    }

    /// Where the empty line begins that ends the head.
    private func headEnd() -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...buffer.count - 4).first {
            buffer[$0] == 13 && buffer[$0 + 1] == 10 && buffer[$0 + 2] == 13 && buffer[$0 + 3] == 10
        }
    }

    private func receive() throws(HTTPBenchmarkError) {
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress!, $0.count, 0) }
        guard count > 0 else { throw .brokenOff }
        buffer += chunk[..<count]
    }
}

/// Why a server could not be measured.
public enum HTTPBenchmarkError: Error, CustomStringConvertible {
    case badAddress(String)
    case unreachable(host: String, port: Int, reason: String)
    case brokenOff
    case notUnderstood
    case refused(status: Int)

    public var description: String {
        switch self {
        case .badAddress(let url): "\"\(url)\" is no address to measure: write http://HOST:PORT"
        case .unreachable(let host, let port, let reason):
            "nothing answers on \(host):\(port) (\(reason)): is honed running there?"
        case .brokenOff: "the server closed the connection, or said nothing for 30 seconds"
        case .notUnderstood: "the answer is not of HTTP/1.1 with a length"
        case .refused(let status): "the first sentence was answered with status \(status): see hone status"
        }
    }
}
