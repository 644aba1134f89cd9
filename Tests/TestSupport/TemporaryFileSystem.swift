import Foundation
import Glibc

/// A small file system in memory, which only root can have.
public final class TemporaryFileSystem: Sendable {
    public let path: String

    /// Whether this process may mount one.
    public static let isPossible = (try? TemporaryFileSystem(size: "1m")) != nil

    public struct NotPermitted: Error {}

    /// - Parameter size: as `mount` takes it, such as `2m`.
    public init(size: String) throws {
        path = FileManager.default.temporaryDirectory.path + "/hone-mount-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(size)") == 0 else {
            try? FileManager.default.removeItem(atPath: path)
            throw NotPermitted()
        }
    }

    /// Takes the right to write from everybody, also from root.
    public func makeReadOnly() {
        _ = unsafe mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil)
    }

    deinit {
        _ = unsafe umount2(path, CInt(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: path)
    }
}
