import Synchronization

/// The one place that says which model answers now.
///
/// Models are immutable and readers hold a reference, so a swap is one store: requests that were
/// tokenized for the old model finish on it, and the last of them frees its memory.
public final class ModelSlot: Sendable {
    private let live: Mutex<LiveModel?>

    public init(_ model: LiveModel? = nil) {
        live = Mutex(model)
    }

    /// The model that answers requests arriving now; `nil` until the first promotion.
    public var current: LiveModel? {
        live.withLock { $0 }
    }

    /// Puts `model` in the place and returns what stood there.
    @discardableResult
    public func swap(to model: LiveModel) -> LiveModel? {
        live.withLock { slot in
            defer { slot = model }
            return slot
        }
    }
}
