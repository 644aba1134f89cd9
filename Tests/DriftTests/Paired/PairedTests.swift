import Drift
import Testing

@Suite struct PairedTests {
    @Test func `McNemar's exact test equals SciPy's binomial test`() {
        for row in StatisticsReference.shared.mcNemar {
            #expect(isClose(mcNemarExactOneSided(b: Int(row[0]), c: Int(row[1])), row[2], 1e-9), "\(row)")
        }
    }

    @Test func `more gains are more convincing`() {
        let values = (0...30).map { mcNemarExactOneSided(b: $0, c: 10) }
        #expect(zip(values, values.dropFirst()).allSatisfy(>))
        #expect(values.allSatisfy { (0...1).contains($0) })
    }

    @Test func `outcomes are counted in pairs`() {
        let outcomes = PairedOutcomes(
            champion: [true, false, true, false, true], challenger: [true, true, false, false, true])
        #expect(outcomes == PairedOutcomes(bothRight: 2, gains: 1, losses: 1, bothWrong: 1))
        #expect(outcomes.difference == 0 && outcomes.discordance == 0.4)
        #expect(outcomes.championAccuracy == 0.6 && outcomes.challengerAccuracy == 0.6)
        #expect(PairedOutcomes().difference == 0)
    }

    @Test func `Agresti and Min's bounds follow their formula`() {
        // b' = 5.5, c' = 15.5, n' = 102: Δ' = −0.098039, SE = √(21 − 100/102)/102 = 0.0438660
        let lower = agrestiMinLowerBound(b: 5, c: 15, n: 100, confidence: 0.95)
        let upper = agrestiMinUpperBound(b: 5, c: 15, n: 100, confidence: 0.95)
        #expect(abs(lower - (-0.0980392 - 1.6448536 * 0.0438660)) < 1e-6)
        #expect(abs(upper - (-0.0980392 + 1.6448536 * 0.0438660)) < 1e-6)
        #expect(agrestiMinLowerBound(b: 0, c: 0, n: 0, confidence: 0.95) >= -1)
    }

    @Test func `the lower bound covers the truth about 95 times of 100`() {
        var random = SplitMix64(seed: 12)
        let (gain, loss) = (0.06, 0.04)
        let covered = (0..<2_000).filter { _ in
            var (b, c) = (0, 0)
            for _ in 0..<500 {
                let u = random.uniform()
                if u < gain { b += 1 } else if u < gain + loss { c += 1 }
            }
            return agrestiMinLowerBound(b: b, c: c, n: 500, confidence: 0.95) <= gain - loss
        }
        #expect(abs(Double(covered.count) / 2_000 - 0.955) < 0.02)
    }

    @Test func `the bootstrap repeats itself and brackets the mean`() throws {
        let differences = Stream(seed: 6, .value, [400, -0.5]).values
        let one = try #require(pairedBootstrap(differences, confidence: 0.95, seed: 1))
        let again = try #require(pairedBootstrap(differences, confidence: 0.95, seed: 1))
        let other = try #require(pairedBootstrap(differences, confidence: 0.95, seed: 2))
        #expect(one == again && one != other)
        #expect(one.lower < one.mean && one.mean < one.upper)
        // Uniform noise of n rows: the standard error is √(1/12/400) = 0.0144.
        #expect(abs((one.upper - one.lower) / (2 * 1.96 * 0.01443) - 1) < 0.12)
    }

    @Test func `the bootstrap of a mean is the paired one's`() throws {
        let values = Stream(seed: 6, .value, [40, -0.5]).values
        let paired = try #require(pairedBootstrap(values, replicates: 200, confidence: 0.95, seed: 1))
        let any = bootstrapInterval(rows: values.count, replicates: 200, confidence: 0.95, seed: 1) { rows in
            rows.reduce(0) { $0 + values[$1] } / Double(rows.count)
        }
        #expect(any == paired.lower...paired.upper)
        #expect(bootstrapInterval(rows: 0, confidence: 0.95, seed: 1) { _ in 1 } == nil)
    }

    @Test func `the bootstrap refuses what has no mean`() {
        #expect(pairedBootstrap([], confidence: 0.95, seed: 1) == nil)
        #expect(pairedBootstrap([1, .nan], confidence: 0.95, seed: 1) == nil)
        #expect(pairedBootstrap([2, 2, 2], confidence: 0.9, seed: 1)?.lower == 2)
    }

    @Test func `the sample size of the study is found again`() {
        // d = 0.1, Δ = 0, margin 2 points: 1 546; with z rounded as in the study 1 544.
        let rows = rowsToDecide(difference: 0, discordance: 0.1, margin: 0.02, alpha: 0.05)
        #expect(rows.map { abs($0 - 1_545) <= 2 } == true)
        #expect(rowsToDecide(difference: -0.02, discordance: 0.1, margin: 0.02, alpha: 0.05) == nil)
        #expect(rowsToDecide(difference: 0, discordance: 0, margin: 0, alpha: 0.05) == nil)
    }

    @Test func `the rows asked for would indeed decide four times of five`() throws {
        let (gain, loss) = (0.09, 0.06)
        let rows = try #require(
            rowsToDecide(difference: gain - loss, discordance: gain + loss, margin: 0, alpha: 0.05))
        var random = SplitMix64(seed: 3)
        let decided = (0..<500).filter { _ in
            var (b, c) = (0, 0)
            for _ in 0..<rows {
                let u = random.uniform()
                if u < gain { b += 1 } else if u < gain + loss { c += 1 }
            }
            return mcNemarExactOneSided(b: b, c: c) <= 0.05
        }
        #expect(abs(Double(decided.count) / 500 - 0.8) < 0.07)
    }

    @Test func `SplitMix64 gives the numbers of its paper's code`() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
    }
}
