import Drift
import Glibc
import Testing

@Suite struct PairedEvidenceTests {
    /// The row at which the evidence first reaches 1/α, or nil within the limit, on a stream where one
    /// model loses more with one probability and less with another.
    private func crossing(
        margin: Double, alpha: Double, more: Double, less: Double, limit: Int, _ random: inout SplitMix64
    ) -> Int? {
        var evidence = PairedEvidence(margin: margin)
        for row in 1...limit {
            let u = random.uniform()
            evidence.update(u < more ? 1 : u < more + less ? -1 : 0)
            if evidence.isConvincing(alpha: alpha) { return row }
        }
        return nil
    }

    @Test(arguments: [(0.05, 0.05), (0.055, 0.045), (0.21, 0.20), (0.01, 0)])
    func `a version that does no harm is taken back at most once in a hundred lives`(
        _ more: Double, _ less: Double
    ) {
        var random = SplitMix64(seed: 57)
        let lives = 1_500
        let backs = (0..<lives).count { _ in
            crossing(margin: 0.01, alpha: 0.01, more: more, less: less, limit: 2_000, &random) != nil
        }
        // Of 1,500 lives a true rate of 1 % gives more than 25 once in some 150 times.
        #expect(backs <= 25, "\(backs) of \(lives)")
    }

    @Test(arguments: [(0.075, 615), (0.1, 205)]) func `harm is found as fast as in the study`(
        _ more: Double, _ expected: Int
    ) {
        var random = SplitMix64(seed: 8)
        let less = 0.1 - more
        let rows = (0..<200).map { _ in
            crossing(margin: 0.01, alpha: 0.01, more: more, less: less, limit: 4_000, &random) ?? 4_000
        }
        #expect(abs(Double(median(rows)) / Double(expected) - 1) < 0.2, "\(median(rows))")
    }

    @Test(arguments: [(0.075, 324), (0.06, 1_561)]) func `a benefit is found as fast as in the study`(
        _ more: Double, _ expected: Int
    ) {
        var random = SplitMix64(seed: 9)
        let less = 0.1 - more
        let rows = (0..<200).map { _ in
            crossing(margin: 0, alpha: 0.05, more: more, less: less, limit: 8_000, &random) ?? 8_000
        }
        #expect(abs(Double(median(rows)) / Double(expected) - 1) < 0.2, "\(median(rows))")
    }

    @Test func `the evidence is the mean of the bettors' capitals`() {
        var evidence = PairedEvidence(margin: 0.01)
        #expect(evidence.logEvidence == 0 && evidence.count == 0)
        evidence.update(1)
        evidence.update(0)

        let stakes = PairedEvidence.bettingFractions
        let capital = stakes.reduce(0) { $0 + (1 + $1 * 0.99) * (1 - $1 * 0.01) } / Double(stakes.count)
        #expect(isClose(evidence.log10Evidence, log10(capital)))
        #expect(evidence.count == 2)
    }

    @Test func `what is no number says nothing, what is out of range is cut`() {
        var one = PairedEvidence(margin: 0)
        var other = one
        one.update(.nan)
        #expect(one == other)
        one.update(7)
        other.update(1)
        #expect(one == other)
    }

    @Test func `evidence survives JSON`() throws {
        var evidence = RolloutEvidence(harmMargin: 0.01)
        evidence.update(oldLoss: 0, newLoss: 1)
        #expect(try roundTrip(evidence) == evidence)
    }
}
