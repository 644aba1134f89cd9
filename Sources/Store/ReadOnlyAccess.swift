import FoundationEssentials
import GRDB

/// The ways of reading a database that one may not write.
///
/// A database in WAL mode has two more files beside it, `-wal` and `-shm`, while a program uses it.
/// A reader needs them too; where it may not create them, it depends on who was there before:
///
/// | directory | daemon | way |
/// |---|---|---|
/// | writable | any | the plain one |
/// | read-only | runs, or was killed | its files are there and are read |
/// | read-only | stopped cleanly | no such files, nobody writes: the file is read as immutable |
/// | read-only | killed, and `-shm` was removed | what is in `-wal` cannot be read: an error that says so |
struct ReadOnlyAccess {
    let path: String

    func open<T>(_ use: (any DatabaseWriter) throws -> T) throws -> T {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError.cannotOpen(
                path: path, cause: "there is no such file, or this user may not see it",
                remedy:
                    "check data_directory, and that you are root or a member of the group that may read it")
        }
        return try Database.translating(path, "opening the database for reading") {
            do {
                return try use(try DatabaseQueue(path: path, configuration: configuration))
            } catch let error as DatabaseError where Self.needsFilesBeside(error) {
                guard isClosed else { throw unreachableLog(error) }
                return try use(try DatabaseQueue(path: immutableURI, configuration: configuration))
            }
        }
    }

    private var configuration: Configuration {
        var configuration = Database.configuration
        configuration.readonly = true
        return configuration
    }

    private static func needsFilesBeside(_ error: DatabaseError) -> Bool {
        [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
    }

    /// Whether no committed transaction waits in a log beside the file.
    private var isClosed: Bool {
        (FileSystem.size(of: path + "-wal") ?? 0) == 0 && FileManager.default.isReadableFile(atPath: path)
    }

    private func unreachableLog(_ error: DatabaseError) -> StoreError {
        guard FileManager.default.isReadableFile(atPath: path) else {
            return .cannotOpen(
                path: path, cause: "this user may not read it",
                remedy: "run as root or as a member of the group that may read it")
        }
        return .cannotOpen(
            path: path, cause: "the daemon did not close it, and this user may not write beside it",
            remedy: "start honed, which puts it in order, or run as the user that owns the file")
    }

    private var immutableURI: String {
        var escaped = ""
        for character in path {
            switch character {
            case "%": escaped += "%25"
            case "?": escaped += "%3f"
            case "#": escaped += "%23"
            default: escaped.append(character)
            }
        }
        return "file:\(escaped)?immutable=1"
    }
}
