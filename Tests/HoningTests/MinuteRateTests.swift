import Honing
import Testing

@Suite struct MinuteRateTests {
    @Test func `before a minute has passed the rate is over what there was`() {
        var rate = MinuteRate()
        #expect(rate.perSecond(after: 0) == nil)
        for second in 0..<10 { rate.add(5, in: second) }

        #expect(rate.perSecond(after: 10) == 5)
    }

    @Test func `what is older than a minute no longer counts`() throws {
        var rate = MinuteRate()
        for second in 0..<100 { rate.add(100, in: second) }
        for second in 100..<160 { rate.add(2, in: second) }

        #expect(abs(try #require(rate.perSecond(after: 160)) - 2) < 0.1)
        #expect(rate.perSecond(after: 159.999)! < 2.001)
    }

    @Test func `silence brings the rate down to nothing`() throws {
        var rate = MinuteRate()
        rate.add(600, in: 0)

        #expect(try #require(rate.perSecond(after: 30)) == 20)
        #expect(try #require(rate.perSecond(after: 59)) > 10)
        #expect(rate.perSecond(after: 61) == 0)
        #expect(rate.perSecond(after: 1e7) == 0)
    }

    @Test func `a second that is told late still counts`() throws {
        var rate = MinuteRate()
        rate.add(1, in: 20)
        rate.add(1, in: 19)

        #expect(abs(try #require(rate.perSecond(after: 20)) - 0.1) < 1e-9)
    }

    @Test func `the sum of naive counts is what it says`() throws {
        var dice = SystemRandomNumberGenerator()
        var rate = MinuteRate()
        var counts: [Int: Int] = [:]
        var second = 0
        for _ in 0..<2_000 {
            second += Int.random(in: 0...3, using: &dice) == 0 ? Int.random(in: 1...90, using: &dice) : 0
            let count = Int.random(in: 0...9, using: &dice)
            counts[second, default: 0] += count
            rate.add(count, in: second)
            let naive = counts.filter { $0.key > second - 60 }.values.reduce(0, +)
            let told = try #require(rate.perSecond(after: Double(second) + 0.5))
            #expect(abs(told - Double(naive) / max(1, min(59.5, Double(second) + 0.5))) < 1e-9)
        }
    }
}
