import Synchronization

/// Keeps all of a body; the transfer's own limit bounds it.
final class CollectedBody: BodySink {
    private let collected = Mutex<[UInt8]>([])

    var bytes: [UInt8] { collected.withLock { $0 } }

    /// A redirect has a body of its own, which is none of the answer's.
    func begin(_ head: ResponseHead) -> BodyFlow {
        collected.withLock { $0 = [] }
        return .proceed
    }

    func receive(_ bytes: [UInt8]) -> BodyFlow {
        collected.withLock { $0 += bytes }
        return .proceed
    }
}
