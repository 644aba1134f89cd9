import Drift
import Testing

@Suite struct BlackoutHoursTests {
    private let hour = 3_600.0
    /// Midnight of a day, in seconds since 1970.
    private let midnight = 1_767_916_800.0

    @Test(
        arguments: [
            ("08:00-18:00", 7.99, nil), ("08:00-18:00", 8, 10), ("08:00-18:00", 17.5, 0.5),
            ("08:00-18:00", 18, nil),
            ("22:00-06:00", 21, nil), ("22:00-06:00", 23, 7), ("22:00-06:00", 5, 1), ("22:00-06:00", 6, nil),
        ] as [(String, Double, Double?)])
    func `hours count within a day and over midnight`(_ text: String, _ at: Double, _ remaining: Double?)
        throws
    {
        let hours = try #require(BlackoutHours(written: text))
        let left = hours.remaining(at: midnight + at * hour).map { ($0 / hour * 1_000).rounded() / 1_000 }
        #expect(left == remaining)
        #expect(hours.remaining(at: -86_400 + at * hour) == hours.remaining(at: at * hour))
    }

    @Test(arguments: [
        "", "8:00-18:00", "08:00", "08:00-08:00", "08:60-09:00", "24:00-01:00", "08:00-09:00-10:00",
    ])
    func `what is no stretch of a day is refused`(_ text: String) {
        #expect(BlackoutHours(written: text) == nil)
    }
}
