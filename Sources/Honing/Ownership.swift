import Foundation

/// Gives what root made below a folder to the folder's owner.
///
/// The data directory is the daemon's. What a command writes there by itself, run by root while no
/// daemon is up, would be closed to the daemon for ever. For anybody but root this does nothing.
///
/// - Throws: `POSIXError` where the system refuses.
public func returnOwnership(below folder: String) throws {
    guard geteuid() == 0 else { return }
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw POSIXError.last }
    defer { close(descriptor) }
    let facts = try facts(of: descriptor)
    guard facts.st_uid != 0 else { return }
    try returnOwnership(below: descriptor, to: facts.st_uid, facts.st_gid)
}

/// By descriptors only: the owner may rename and link while root walks by, and must not lead it astray.
private func returnOwnership(below folder: Int32, to user: uid_t, _ group: gid_t) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd/\(folder)") {
        // Non-blocking, for pipes.
        let item = unsafe openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        // A link, whose owner means nothing, or gone since it was listed.
        guard item >= 0 else { continue }
        defer { close(item) }
        let facts = try facts(of: item)
        let isFolder = facts.st_mode & S_IFMT == S_IFDIR
        // A second link may be a file of root's elsewhere.
        if facts.st_uid == 0, isFolder || facts.st_nlink == 1 {
            guard fchown(item, user, group) == 0 else { throw POSIXError.last }
        }
        if isFolder { try returnOwnership(below: item, to: user, group) }
    }
}

private func facts(of descriptor: Int32) throws -> stat {
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { throw POSIXError.last }
    return facts
}

extension POSIXError {
    fileprivate static var last: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
