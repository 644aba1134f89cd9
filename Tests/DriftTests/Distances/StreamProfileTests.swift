import Drift
import Testing

@Suite struct StreamProfileTests {
    private func profile(seed: UInt64, rows: Int, positives: Double, length: Double) -> StreamProfile {
        var (random, profile) = (SplitMix64(seed: seed), StreamProfile(classCount: 2))
        for _ in 0..<rows {
            profile.add(
                classIndex: random.uniform() < positives ? 1 : 0, confidence: 0.5 + random.uniform() / 2,
                tokens: Int(random.uniform() * length) + 1, unknownTokens: 0)
        }
        return profile
    }

    @Test func `an unchanged stream is stable in every aspect`() {
        let reference = profile(seed: 1, rows: 5_000, positives: 0.5, length: 60)
        let shifts = profile(seed: 2, rows: 1_000, positives: 0.5, length: 60).shifts(from: reference)
        #expect(shifts.map(\.aspect) == ProfileShift.Aspect.allCases)
        #expect(shifts.allSatisfy { $0.verdict == .stable })
    }

    @Test func `only the aspect that moved is named`() {
        let reference = profile(seed: 1, rows: 5_000, positives: 0.5, length: 60)
        let shifts = profile(seed: 2, rows: 1_000, positives: 0.9, length: 60).shifts(from: reference)
        #expect(shifts.filter { $0.verdict == .drift }.map(\.aspect) == [.classes])
    }

    @Test func `a handful of rows proves nothing`() {
        let reference = profile(seed: 1, rows: 5_000, positives: 0.5, length: 60)
        let shifts = profile(seed: 2, rows: 4, positives: 0.9, length: 60).shifts(from: reference)
        #expect(shifts.allSatisfy { $0.verdict == .stable })
        #expect(StreamProfile(classCount: 2).shifts(from: reference).allSatisfy { $0.verdict == .stable })
    }

    @Test func `profiles merge and survive JSON`() throws {
        var one = profile(seed: 1, rows: 30, positives: 0.5, length: 60)
        one.merge(profile(seed: 2, rows: 12, positives: 0.1, length: 600))
        #expect(one.count == 42)
        #expect(try roundTrip(one) == one)
    }
}
