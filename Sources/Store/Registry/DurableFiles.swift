import FoundationEssentials
import Glibc

/// Files and directories that are on the disk when a call returns, not only in its cache.
enum DurableFiles {
    /// Copies a file, sees it through to the disk and takes the right to write it away from all.
    static func copy(_ source: String, to target: String) throws {
        let from = try opened(source, O_RDONLY, "reading a model file")
        defer { close(from) }
        let to = try opened(target, O_WRONLY | O_CREAT | O_EXCL, "copying a model file")
        defer { close(to) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(from, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("reading a model file", source) }
            guard count > 0 else { break }
            try writeAll(buffer[..<count], to, target)
        }
        try finish(to, target)
    }

    /// Writes a new file, likewise.
    static func write(_ bytes: some Sequence<UInt8>, to target: String) throws {
        let file = try opened(target, O_WRONLY | O_CREAT | O_EXCL, "writing the manifest")
        defer { close(file) }
        try writeAll(Array(bytes)[...], file, target)
        try finish(file, target)
    }

    /// Makes the names in a directory durable.
    static func synchronize(directory path: String) throws {
        let directory = try opened(path, O_RDONLY | O_DIRECTORY, "opening a directory")
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failure("writing a directory", path) }
    }

    /// Moves a directory to where nothing stands yet, durably.
    static func move(_ source: String, to target: String) throws {
        guard unsafe rename(source, target) == 0 else { throw failure("moving \(source)", target) }
        try synchronize(directory: parent(of: target))
        try synchronize(directory: parent(of: source))
    }

    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private static func opened(_ path: String, _ flags: CInt, _ operation: String) throws -> CInt {
        let file = unsafe open(path, flags | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure(operation, path) }
        return file
    }

    private static func writeAll(_ bytes: ArraySlice<UInt8>, _ file: CInt, _ path: String) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("writing a model file", path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func finish(_ file: CInt, _ path: String) throws {
        guard fchmod(file, 0o444) == 0, fsync(file) == 0 else { throw failure("writing a model file", path) }
    }

    /// What the system said last, as a sentence.
    static func failure(_ operation: String, _ path: String) -> StoreError {
        let code = errno
        if code == ENOSPC || code == EDQUOT { return .diskFull(path: path, operation: operation) }
        return .io(path: path, operation: operation, cause: unsafe String(cString: strerror(code)))
    }
}
