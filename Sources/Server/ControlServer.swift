import Glibc
public import Honing
import Hummingbird
public import Logging
public import ServiceLifecycle

/// Why the control socket could not be opened.
public enum ControlSocketError: Error, CustomStringConvertible {
    case inUse(path: String)
    case cannotPrepare(path: String, reason: String)

    public var description: String {
        switch self {
        case .inUse(let path):
            "another daemon answers on \(path): stop it, or give this one another control.socket"
        case .cannotPrepare(let path, let reason):
            "the control socket \(path) cannot be made: \(reason); "
                + "its directory must exist and be writable for this user"
        }
    }
}

/// The operator's face: the same loop over a Unix socket.
///
/// Its group is left as it is where the one of the settings does not exist.
public func controlServer(
    _ loop: Loop, settings: ControlSettings, limits: ServerSettings.Limits, log: Logger
) throws -> some Service {
    let path = settings.socket
    try removeStaleSocket(path)
    let router = Router(context: HoneContext.self)
    router.add(middleware: RequestIdentity(loop: loop))
    router.add(middleware: ErrorMiddleware(loop: loop))
    HealthRoutes(loop: loop, limits: limits).add(to: router)
    PredictRoutes(loop: loop, limits: limits).add(to: router)
    ControlRoutes(loop: loop).add(to: router)
    let application = Application(
        router: router, configuration: .init(address: .unixDomainSocket(path: path), serverName: "honed"),
        onServerRunning: { _ in
            unsafe chmod(path, mode_t(settings.mode))
            if let identifier = groupIdentifier(settings.group) {
                if unsafe chown(path, uid_t.max, identifier) != 0 {
                    log.warning(
                        "members of group \(settings.group) cannot use \(path): \(lastErrorSentence())")
                }
            } else {
                log.info("there is no group \(settings.group): only this user and root can use \(path)")
            }
        }, logger: log)
    return Listener(
        application: application, place: path,
        remedy: "give control.socket another path, or this one's folder to the daemon's user")
}

/// A socket file outlives a daemon that was killed. It is removed only when nobody answers on it.
private func removeStaleSocket(_ path: String) throws {
    var info = stat()
    guard unsafe lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFSOCK else {
        throw ControlSocketError.cannotPrepare(path: path, reason: "a file that is no socket is in its place")
    }
    guard !answers(path) else { throw ControlSocketError.inUse(path: path) }
    guard unsafe unlink(path) == 0 else {
        throw ControlSocketError.cannotPrepare(path: path, reason: lastErrorSentence())
    }
}

private func answers(_ path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < capacity else { return false }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return unsafe withUnsafePointer(to: address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
}

private func groupIdentifier(_ name: String) -> gid_t? {
    var entry = unsafe group()
    var found: UnsafeMutablePointer<group>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard unsafe getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, unsafe found != nil else {
        return nil
    }
    return unsafe entry.gr_gid
}

private func lastErrorSentence() -> String {
    unsafe String(cString: strerror(errno))
}
