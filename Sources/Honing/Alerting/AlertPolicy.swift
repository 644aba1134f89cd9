package import Foundation
import Ingest

/// Who wants to be told, and of what.
package struct AlertChannel: Sendable, Equatable {
    package var name: String
    package var kinds: Set<AlertKind>
    /// What happened before the channel was there is none of its business.
    package var since: Date

    package init(name: String, kinds: Set<AlertKind>, since: Date) {
        self.name = name
        self.kinds = kinds
        self.since = since
    }
}

/// Decides what is to be said, to whom, and when to try again: pure, without a clock.
package struct AlertPolicy: Sendable {
    /// What is older is no news; it bounds how far back is looked.
    package var horizon: TimeInterval = 7 * 86_400
    /// How long a message is tried to be delivered before it is given up.
    package var patience: TimeInterval = 3 * 86_400
    /// Of the wait after the first failure, which doubles with each further one, and of the longest wait.
    package var pause = Duration.seconds(5)
    package var longestPause = Duration.seconds(900)

    package init() {}

    /// What nobody said yet, in the order of the events.
    ///
    /// - Parameter told: channels by event that were told, or will be.
    package func unsaid(
        _ events: [AlertEvent], to channels: [AlertChannel], told: [String: Set<String>]
    ) -> [(event: AlertEvent, channel: String)] {
        events.flatMap { event in
            channels.filter {
                $0.kinds.contains(event.kind) && event.at >= $0.since
                    && told[event.id]?.contains($0.name) != true
            }.map { (event, $0.name) }
        }
    }

    /// When a message is tried again that could not be delivered; nil gives it up.
    ///
    /// - Parameters:
    ///   - failures: how often it was tried before this time.
    ///   - retryAfter: how long the receiver asked to be left alone.
    ///   - uniform: a random number in [0, 1), so that many daemons do not come back together.
    package func nextAttempt(
        afterFailures failures: Int, retryAfter: Duration?, queuedAt: Date, now: Date, uniform: Double
    ) -> Date? {
        guard now.timeIntervalSince(queuedAt) < patience else { return nil }
        var backoff = Backoff()
        backoff.base = pause
        backoff.cap = longestPause
        let wait = backoff.delay(afterFailure: failures, retryAfter: retryAfter, uniform: uniform)
        // A draw near zero must not become a loop.
        return now.addingTimeInterval(max(1, wait / .seconds(1)))
    }
}
