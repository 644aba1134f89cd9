import GRDB

extension Database {
    /// Turns what SQLite says into sentences of our own.
    static func translating<T>(_ path: String, _ operation: String, _ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw translation(of: error, path, operation) }
    }

    /// Turns what SQLite says into sentences of our own.
    static func translating<T>(
        _ path: String, _ operation: String, _ body: () async throws -> T
    ) async throws -> T {
        do { return try await body() } catch { throw translation(of: error, path, operation) }
    }

    private static func translation(of error: any Error, _ path: String, _ operation: String) -> any Error {
        switch error {
        case let error as DatabaseError:
            return StoreError(error, path, operation)
        case is DecodingError, is RowDecodingError:
            return StoreError.corrupt(path: path, operation: operation, cause: "\(error)")
        default:
            return error
        }
    }
}

extension StoreError {
    init(_ error: DatabaseError, _ path: String, _ operation: String) {
        let cause = "\(error.message ?? "no message"), SQLite code \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self = .diskFull(path: path, operation: operation)
        case .SQLITE_IOERR:
            // A full disk shows as a failed write, sync or growth of the shared memory as well.
            self =
                FileSystem.isExhausted(at: path)
                ? .diskFull(path: path, operation: operation)
                : .io(path: path, operation: operation, cause: cause)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .corrupt(path: path, operation: operation, cause: cause)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .locked(path: path, operation: operation)
        case .SQLITE_READONLY:
            self = .readOnly(path: path, operation: operation)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self = .cannotOpen(
                path: path, cause: cause,
                remedy: "see that its directory exists and that this user may read and write it")
        case .SQLITE_CONSTRAINT:
            self = .refused(operation: operation, cause: error.message ?? cause)
        default:
            self = .io(path: path, operation: operation, cause: cause)
        }
    }
}
