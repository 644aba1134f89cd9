/// How often something happened a second, over the last minute: sixty counts, each of one second.
public struct MinuteRate: Sendable, Equatable {
    private static let length = 60

    private var counts = [Int](repeating: 0, count: Self.length)
    /// The newest second that was counted.
    private var newest = 0

    public init() {}

    /// Counts what happened in a second, numbered from 0 when the counting began.
    ///
    /// A second that lies before the newest one counts with the newest: clocks of several threads
    /// need not be told apart by less.
    public mutating func add(_ count: Int, in second: Int) {
        forget(until: second)
        counts[newest % Self.length] += count
    }

    /// The mean rate over the minute that ends now; over all that there was, where that is less.
    ///
    /// - Parameter seconds: how long ago the counting began.
    /// - Returns: `nil` where no time has passed.
    public func perSecond(after seconds: Double) -> Double? {
        guard seconds > 0 else { return nil }
        var current = self
        current.forget(until: Int(seconds))
        // The newest second is not over yet.
        let span = min(seconds, Double(Self.length - 1) + seconds - seconds.rounded(.down))
        return Double(current.counts.reduce(0, +)) / max(1, span)
    }

    private mutating func forget(until second: Int) {
        guard second > newest else { return }
        for passed in max(newest + 1, second - Self.length + 1)...second {
            counts[passed % Self.length] = 0
        }
        newest = second
    }
}
