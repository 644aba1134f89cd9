import FoundationEssentials
import Glibc

/// A model that lies complete and durable in the registry's staging directory and waits for its
/// number.
///
/// As long as the value lives, its folder is locked: no sweep takes it away, under whatever name.
/// The system lets go of the lock when the process ends, however it ends.
public final class StagedVersion: Sendable {
    /// SHA-256 of the weights, in hexadecimal digits.
    public let checksum: String
    let path: String
    private let lock: DirectoryLock

    init(path: String, checksum: String, lock: DirectoryLock) {
        self.path = path
        self.checksum = checksum
        self.lock = lock
    }
}

/// An exclusive lock on a directory, for as long as it lives (`flock`). It goes where the directory
/// is moved.
final class DirectoryLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock, or returns `nil` where somebody has it.
    init?(_ path: String) throws {
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DurableFiles.failure("locking a directory", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        close(descriptor)
    }
}
