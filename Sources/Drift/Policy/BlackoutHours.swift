/// Hours of the day in which nothing is trained, in UTC: `08:00-18:00`, or over midnight `22:00-06:00`.
public struct BlackoutHours: Sendable, Hashable, Codable {
    /// Minutes since midnight; `start` is within, `end` no more.
    public let start: Int
    public let end: Int

    /// - Returns: nil for what is not two different times of a day.
    public init?(written text: String) {
        let times = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minutes)
        guard times.count == 2, let start = times[0], let end = times[1], start != end else { return nil }
        self.start = start
        self.end = end
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hours = Int(parts[0]),
            let minutes = Int(parts[1]), 0...23 ~= hours, 0...59 ~= minutes
        else { return nil }
        return hours * 60 + minutes
    }

    /// Seconds until the hours are over; nil outside them.
    ///
    /// - Parameter now: seconds since a midnight in UTC.
    public func remaining(at now: Double) -> Double? {
        let day = 86_400.0
        let second = now - (now / day).rounded(.down) * day
        let length = Double((end - start + 1_440) % 1_440) * 60
        let elapsed = second - Double(start) * 60
        let since = elapsed < 0 ? elapsed + day : elapsed
        return since < length ? length - since : nil
    }
}
