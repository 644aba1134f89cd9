import Foundation
import Glibc
import Synchronization

/// A server on loopback or a Unix socket that answers each request by a script, byte for byte, and
/// so can do all that a decent HTTP library would refuse to.
///
/// One thread accepts, one thread serves each connection; a connection carries one exchange. A server
/// lives as long as the process: a test's last mention of it may come before its last request.
final class HostileServer: Sendable {
    let port: UInt16
    private let log: Mutex<[ReceivedRequest]>

    /// - Parameter script: plays the server's side of one exchange; the connection is closed behind it.
    init(unixSocket: String? = nil, script: @escaping @Sendable (Exchange) -> Void) throws {
        let listener = try unixSocket.map(Self.listen(path:)) ?? Self.listen()
        port = Self.port(of: listener)
        log = Mutex([])
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [self] in
                    defer { close(connection) }
                    guard let request = ReceivedRequest(from: connection) else { return }
                    script(Exchange(connection: connection, request: request, number: note(request)))
                }
            }
        }
    }

    /// An address at which nobody listens any more.
    static func deserted() throws -> String {
        let listener = try listen()
        defer { close(listener) }
        return "http://127.0.0.1:\(port(of: listener))/"
    }

    private func note(_ request: ReceivedRequest) -> Int {
        log.withLock {
            $0.append(request)
            return $0.count - 1
        }
    }

    /// What was asked so far.
    var requests: [ReceivedRequest] { log.withLock { $0 } }

    func url(_ path: String = "/rows") -> String { "http://127.0.0.1:\(port)\(path)" }

    private static func listen() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isBound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound, Glibc.listen(descriptor, 64) == 0 else { throw CocoaError(.fileWriteUnknown) }
        return descriptor
    }

    private static func listen(path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8.prefix(107))
        }
        let isBound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound, Glibc.listen(descriptor, 64) == 0 else { throw CocoaError(.fileWriteUnknown) }
        return descriptor
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}
