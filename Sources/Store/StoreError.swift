/// Why something could not be stored or read, in a sentence that says what to do.
public enum StoreError: Error, Equatable, CustomStringConvertible {
    /// The file cannot be opened at all.
    case cannotOpen(path: String, cause: String, remedy: String)
    /// The file is a database, but of some other program.
    case foreignDatabase(path: String)
    /// A later Hone wrote the file.
    case newerSchema(path: String, unknown: [String])
    /// An earlier Hone wrote the file, and it may only be read.
    case olderSchema(path: String)
    /// The file holds what no database holds.
    case corrupt(path: String, operation: String, cause: String)
    /// There is no room left.
    case diskFull(path: String, operation: String)
    /// The disk failed otherwise.
    case io(path: String, operation: String, cause: String)
    /// Somebody else holds the file for too long.
    case locked(path: String, operation: String)
    case readOnly(path: String, operation: String)
    /// The schema forbids it.
    case refused(operation: String, cause: String)

    case noSuchRun(Int64)
    /// At most one run is active.
    case runUnderWay(Int64)
    case illegalTransition(run: Int64, from: RunState, to: RunState)
    case noSuchVersion(Int)
    case alreadyLive(Int)

    /// A folder cannot be taken into the registry.
    case unusableFolder(path: String, cause: String)
    /// A version's files are not what was registered.
    case damagedVersion(Int, file: String, cause: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let cause, let remedy):
            "the database \(path) cannot be opened: \(cause); \(remedy)"
        case .foreignDatabase(let path):
            "\(path) is a database of another program and was left alone: "
                + "point data_directory at a directory of Hone's own"
        case .newerSchema(let path, let unknown):
            "the database \(path) was written by a later version of Hone (it has gone through "
                + "\(unknown.joined(separator: ", "))) and was left alone: install that version again, "
                + "or restore a backup from before the upgrade"
        case .olderSchema(let path):
            "the database \(path) was written by an earlier version of Hone and may only be read here: "
                + "start honed once, which brings it up to date"
        case .corrupt(let path, let operation, let cause):
            "\(operation): the database \(path) is damaged (\(cause)); nothing was deleted: stop honed, "
                + "keep a copy, and restore a backup or save what can be read with `sqlite3 \(path) .recover`"
        case .diskFull(let path, let operation):
            "\(operation): the disk that holds \(path) is full; what was stored before is safe: "
                + "free some space or lower retention.database_size, and writing goes on by itself"
        case .io(let path, let operation, let cause):
            "\(operation): \(path) cannot be read or written (\(cause)): look for disk errors with `dmesg`, "
                + "and see whether the file system is mounted and writable"
        case .locked(let path, let operation):
            "\(operation): another program holds \(path) and did not let go: "
                + "end open transactions in sqlite3 shells, and see that only one honed runs"
        case .readOnly(let path, let operation):
            "\(operation): \(path) may only be read: "
                + "ask the daemon to do it, or run as the user that owns the file"
        case .refused(let operation, let cause):
            "\(operation) is against the rules of the database: \(cause)"
        case .noSuchRun(let run):
            "there is no run \(run): `hone status` names the last one"
        case .runUnderWay(let run):
            "run \(run) is under way and runs go one by one: follow it with `hone status`"
        case .illegalTransition(let run, let from, let to):
            "run \(run) is \(from.rawValue) and cannot become \(to.rawValue)"
        case .noSuchVersion(let version):
            "there is no version \(version): `hone versions` lists those there are"
        case .alreadyLive(let version):
            "version \(version) is live already"
        case .unusableFolder(let path, let cause):
            "\(path) cannot become a version: \(cause)"
        case .damagedVersion(let version, let file, let cause):
            "version \(version) is damaged: \(file) \(cause); it was left as it is: "
                + "restore the file from a backup, or go back with `hone rollback`"
        }
    }
}
