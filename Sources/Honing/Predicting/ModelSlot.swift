import Synchronization

/// The one place that says which model answers now, and which others are loaded.
///
/// Models are immutable and readers hold a reference, so a swap is one store: requests that were
/// tokenized for the old model finish on it. The model that answered before stays loaded, so that the
/// way back needs no disk; the one before that goes when its last request has ended.
public final class ModelSlot: Sendable {
    private struct Places: Sendable {
        var live: LiveModel?
        var previous: LiveModel?
        var candidate: LiveModel?
        /// The share of requests that the candidate answers.
        var candidateShare = 0.0

        mutating func dropCandidate() {
            candidate = nil
            candidateShare = 0
        }
    }

    private let places: Mutex<Places>

    public init(_ model: LiveModel? = nil) {
        places = Mutex(Places(live: model))
    }

    /// The model that answers requests arriving now; `nil` until the first promotion.
    public var current: LiveModel? {
        places.withLock { $0.live }
    }

    /// The model that answered before, where it is loaded.
    public var previous: LiveModel? {
        places.withLock { $0.previous }
    }

    /// A model on its way to all traffic.
    public var candidate: LiveModel? {
        places.withLock { $0.candidate }
    }

    /// A version that is loaded, whatever it is loaded for.
    public func model(of version: Int) -> LiveModel? {
        loaded.first { $0.version == version }
    }

    /// All versions that are loaded, the live one first.
    public var loaded: [LiveModel] {
        places.withLock { [$0.live, $0.candidate, $0.previous].compactMap { $0 } }
    }

    /// The model that answers a request: the candidate for its share of them, else the live one.
    func model(forRequest id: String) -> LiveModel? {
        places.withLock { places in
            guard places.candidateShare > 0, let candidate = places.candidate,
                requestShare(id, of: "canary") < places.candidateShare
            else { return places.live }
            return candidate
        }
    }

    /// Puts `model` in the place and returns what stood there, which stays loaded beside it.
    @discardableResult
    public func swap(to model: LiveModel) -> LiveModel? {
        places.withLock { places in
            let old = places.live
            if old?.version != model.version { places.previous = old }
            places.live = model
            if places.candidate?.version == model.version { places.dropCandidate() }
            return old
        }
    }

    /// Holds the version that was live before, after a restart.
    func keep(previous model: LiveModel) {
        places.withLock { if $0.previous == nil { $0.previous = model } }
    }

    /// Holds a version on its way to all traffic, and gives it a share of the requests.
    func keep(candidate model: LiveModel, share: Double) {
        places.withLock {
            $0.candidate = model
            $0.candidateShare = share
        }
    }

    func dropCandidate() {
        places.withLock { $0.dropCandidate() }
    }
}
