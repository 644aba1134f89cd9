import Drift
import Testing

@Suite struct WordingTests {
    @Test func `numbers read the same in every locale`() {
        #expect(decimals(3.14159, 2) == "3.14")
        #expect(decimals(-0.04, 1) == "0.0")
        #expect(decimals(0.05, 4) == "0.0500")
        #expect(decimals(1e30, 1) == "1e+30")
        #expect(decimals(.nan, 1) == "nan")
        #expect(percent(0.8123) == "81.2 %")
        #expect(points(-0.031) == "−3.1 points")
        #expect(points(0.004) == "+0.4 points")
        #expect(points(0.00001) == "0.0 points")
        #expect(probability(0.00001) == "below 0.0001")
    }

    @Test func `spans show their two largest units`() {
        #expect(span(22_500) == "6 h 15 min")
        #expect(span(86_400 * 3) == "3 d")
        #expect(span(59.2) == "1 min")
        #expect(span(0) == "0 s")
        #expect(span(-5) == "0 s")
        #expect(span(.infinity) == "forever")
    }

    @Test func `one is not many`() {
        #expect(counted(1, "label") == "1 label")
        #expect(counted(2, "label") == "2 labels")
    }
}
