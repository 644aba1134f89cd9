import Drift
import Testing

@Suite struct LabelWatermarkTests {
    private let day = 86_400.0

    /// Ten predictions on each of the first days, with so many labels.
    private func watermark(_ labels: [Int], chance: Double = 1) -> LabelWatermark {
        var watermark = LabelWatermark()
        for (number, labels) in labels.enumerated() {
            let noon = (Double(number) + 0.5) * day
            for _ in 0..<10 { watermark.expect(at: noon, chance: chance) }
            for _ in 0..<labels { watermark.arrive(predictedAt: noon) }
        }
        return watermark
    }

    @Test func `a day closes with eight of ten labels, not with seven`() {
        var watermark = watermark([8, 7])
        watermark.advance(now: 3 * day)
        #expect(watermark.through == 0)
        #expect(watermark.days.map(\.state) == [.open])
        #expect(watermark.covers(0.9 * day) && !watermark.covers(1.1 * day))

        watermark.arrive(predictedAt: 1.5 * day)
        watermark.advance(now: 3 * day)
        #expect(watermark.through == 1)
        #expect(watermark.days.isEmpty)
    }

    @Test func `a day that is not over stays open whatever came`() {
        var watermark = watermark([10])
        watermark.advance(now: 0.9 * day)
        #expect(watermark.through == nil)
        watermark.advance(now: 1 * day)
        #expect(watermark.through == 0)
    }

    @Test func `the watermark waits for the first open day`() {
        var watermark = watermark([10, 0, 10])
        watermark.advance(now: 4 * day)
        #expect(watermark.through == 0)
        #expect(watermark.days.map(\.state) == [.open, .closed])
    }

    @Test func `a lost day does not stop the clock for ever, and is told`() {
        var watermark = watermark([10, 0, 10])
        watermark.advance(now: 16 * day)
        #expect(watermark.through == 2)
        #expect(watermark.expiredDays == 1)
    }

    @Test func `only labels that are to be expected are waited for`() {
        // An audit of one in five: two labels are expected of ten predictions.
        var watermark = watermark([2], chance: 0.2)
        watermark.advance(now: 2 * day)
        #expect(watermark.through == 0)
    }

    @Test func `it never moves back`() {
        var watermark = watermark([10, 10])
        watermark.advance(now: 3 * day)
        watermark.expect(at: 0.5 * day)
        watermark.advance(now: 1 * day)
        #expect(watermark.through == 1)
        #expect(watermark.days.isEmpty)
    }

    @Test func `senseless times and chances change nothing, and state survives JSON`() throws {
        var watermark = watermark([3])
        let before = watermark
        watermark.expect(at: .nan)
        watermark.expect(at: 1, chance: 2)
        watermark.arrive(predictedAt: .infinity)
        watermark.arrive(predictedAt: 1e300)
        watermark.advance(now: .nan)
        #expect(watermark == before && !watermark.covers(.nan))
        #expect(try roundTrip(watermark) == watermark)
    }
}
