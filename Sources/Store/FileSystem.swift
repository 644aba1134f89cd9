import Glibc

/// What the file system knows about a path.
enum FileSystem {
    /// The size of a file in bytes, or `nil` where there is none that this user may see.
    static func size(of path: String) -> Int? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Int(status.st_size)
    }

    /// Whether hardly anything is left of the room where a file lies.
    static func isExhausted(at path: String) -> Bool {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return false }
        return status.f_bavail * status.f_frsize < 65_536
    }
}
