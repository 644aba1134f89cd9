import Glibc
import Synchronization

/// Writes a file behind what is there of it; the bodies of redirects and errors are no part of it.
final class HubFile: BodySink {
    private struct State {
        let descriptor: Int32
        var count: Int
        var isWanted = false
        var problem: HubError?
    }

    private let path: String
    private let start: Int
    private let progress: @Sendable (Int) -> Void
    private let state: Mutex<State>

    /// - Parameter start: how many bytes of the file stay.
    /// - Throws: `HubError.unwritable`.
    init(_ path: String, from start: Int, _ progress: @escaping @Sendable (Int) -> Void) throws(HubError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(path, why: lastError()) }
        self.path = path
        self.start = start
        self.progress = progress
        state = Mutex(State(descriptor: descriptor, count: start))
    }

    deinit { state.withLock { _ = close($0.descriptor) } }

    var count: Int { state.withLock { $0.count } }

    /// Sees what was written through to the disk.
    ///
    /// - Returns: what went wrong with the file.
    func finish() -> HubError? {
        state.withLock { state in
            if state.problem == nil, fsync(state.descriptor) != 0 {
                state.problem = .unwritable(path, why: lastError())
            }
            return state.problem
        }
    }

    func begin(_ head: ResponseHead) -> BodyFlow {
        state.withLock { state in
            switch head.statusCode {
            case 200:
                // All of it comes, whatever was asked for.
                state.count = 0
            case 206:
                let range = head.value(of: "Content-Range").flatMap(ContentRange.init)
                guard range?.bytes?.lowerBound == start else {
                    state.problem = .broken(path, why: "the hub sent another range", attempts: 1)
                    return .stop
                }
                state.count = start
            default:
                state.isWanted = false
                return .proceed
            }
            state.isWanted = true
            guard ftruncate(state.descriptor, off_t(state.count)) == 0,
                lseek(state.descriptor, off_t(state.count), SEEK_SET) >= 0
            else {
                state.problem = .unwritable(path, why: lastError())
                return .stop
            }
            return .proceed
        }
    }

    func receive(_ bytes: [UInt8]) -> BodyFlow {
        let (flow, count) = state.withLock { state -> (BodyFlow, Int?) in
            guard state.isWanted else { return (.proceed, nil) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = unsafe rest.withUnsafeBytes {
                    unsafe write(state.descriptor, $0.baseAddress, $0.count)
                }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else {
                    state.problem = .unwritable(path, why: lastError())
                    return (.stop, nil)
                }
                rest = rest.dropFirst(written)
                state.count += written
            }
            return (.proceed, state.count)
        }
        if let count { progress(count) }
        return flow
    }
}
