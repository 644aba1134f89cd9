import Foundation

/// The lock by which the daemon holds its trainer still between two steps.
///
/// It is of `flock(2)`: the kernel gives it back when its holder is gone, so that no trainer waits for a
/// daemon that was killed, and a run that is repeated by hand never waits.
package final class TurnLock: Sendable {
    private let descriptor: Int32

    /// `nil` where the file can be neither opened nor made: then nobody waits.
    package init?(path: String) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// The daemon's side: whether the trainer stands still at its next step. Never waits.
    package func hold(_ isHeld: Bool) {
        // A trainer that is just passing has it for a moment; the next look finds it free.
        flock(descriptor, isHeld ? LOCK_EX | LOCK_NB : LOCK_UN)
    }

    /// The trainer's side: returns when nobody holds it.
    package func pass() {
        flock(descriptor, LOCK_SH)
        flock(descriptor, LOCK_UN)
    }
}
