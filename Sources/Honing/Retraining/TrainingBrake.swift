/// Decides when the trainer stands still so that clients are served: a pure function of how long they wait.
///
/// The kernel prefers serving to a `SCHED_IDLE` trainer whenever both want a core, but what the trainer
/// has put into the caches and asked of the memory stays. Where clients queue all the same, training
/// waits: it has time, and they have not.
package struct TrainingBrake: Sendable {
    /// Clients who wait longer than this are under pressure: in a queue that flows nobody waits for more than
    /// a batch.
    static let patience: Duration = .milliseconds(25)
    /// How long no client may have waited so before training goes on.
    static let calm: Duration = .milliseconds(250)
    /// Training stands still for no longer than this at a time, and then has a turn whatever clients do:
    /// an overload that lasts must not keep an old model in place for ever.
    static let (longestHold, turn): (Duration, Duration) = (.seconds(10), .seconds(5))

    private var heldSince: ContinuousClock.Instant?
    private var lastPressure: ContinuousClock.Instant?
    private var freeUntil: ContinuousClock.Instant?

    package init() {}

    /// - Parameter wait: how long the client who waits longest has waited by now; `nil` where nobody does.
    /// - Returns: whether the trainer shall stand still.
    package mutating func holds(wait: Duration?, at now: ContinuousClock.Instant) -> Bool {
        if let wait, wait > Self.patience { lastPressure = now }
        guard let lastPressure, now - lastPressure < Self.calm else {
            heldSince = nil
            return false
        }
        if let freeUntil, now < freeUntil { return false }
        let since = heldSince ?? now
        heldSince = since
        guard now - since < Self.longestHold else {
            heldSince = nil
            freeUntil = now + Self.turn
            return false
        }
        return true
    }
}
