import Glibc

/// Tells the service manager how the daemon is: the `sd_notify` protocol, without libsystemd.
///
/// Each message is one datagram to the socket named by `NOTIFY_SOCKET`; where the variable is not
/// set nothing happens, so the daemon runs the same from a shell.
/// Source: <https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html>
struct ServiceManager: Sendable {
    enum Message: Sendable {
        /// The model is warm and the door is open.
        case ready
        /// One line for `systemctl status`.
        case status(String)
        /// The working loop is alive.
        case watchdog
        /// Reloading began; `ready` ends it. The time is `CLOCK_MONOTONIC` in microseconds.
        case reloading
        case stopping

        var text: String {
            switch self {
            case .ready: "READY=1"
            case .status(let line): "STATUS=" + line.replacing("\n", with: " ")
            case .watchdog: "WATCHDOG=1"
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(ServiceManager.monotonicMicroseconds())"
            case .stopping: "STOPPING=1"
            }
        }
    }

    private let socketPath: String?
    /// How often the service manager wants to hear `watchdog`; `nil` where it does not ask.
    let watchdogInterval: Duration?

    init(environment: [String: String]) {
        socketPath = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        watchdogInterval = environment["WATCHDOG_USEC"].flatMap(Int64.init)
            .flatMap { isForUs && $0 > 0 ? .microseconds($0) : nil }
    }

    /// Sends one message. A manager that does not listen is not our failure, so errors are dropped.
    func notify(_ message: Message) {
        guard let socketPath, let address = SocketAddress(socketPath) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(message.text.utf8)
        unsafe address.withPointer { pointer, length in
            _ = unsafe bytes.withUnsafeBytes {
                unsafe sendto(
                    descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), pointer, length)
            }
        }
    }

    private static func monotonicMicroseconds() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }
}

/// The address of a Unix socket; a leading `@` names one in the abstract namespace.
private struct SocketAddress {
    private var storage = sockaddr_un()
    private let length: socklen_t

    init?(_ path: String) {
        var bytes = Array(path.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        guard bytes.first == 0 || bytes.first == UInt8(ascii: "/") else { return nil }
        storage.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: storage.sun_path)
        guard bytes.count < capacity else { return nil }
        unsafe withUnsafeMutableBytes(of: &storage.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let pathOffset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
        length = socklen_t(pathOffset + bytes.count + (isAbstract ? 0 : 1))
    }

    func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Void) {
        unsafe withUnsafePointer(to: storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
