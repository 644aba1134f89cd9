import Drift
import Testing

@Suite struct DistancesTests {
    @Test func `histogram distances equal SciPy's`() {
        for row in StatisticsReference.shared.histograms {
            let test = chiSquared(of: row.current, against: row.reference)
            #expect(isClose(test.statistic, row.chiSquared, 1e-9))
            #expect(isClose(test.pValue, row.p, 1e-9))
            #expect(test.degreesOfFreedom == row.degreesOfFreedom)
            let distance = jensenShannonDistance(of: row.current, against: row.reference)
            #expect(abs(distance - row.jensenShannon) < 1e-9)
            #expect(isClose(populationStabilityIndex(of: row.current, against: row.reference), row.psi, 1e-9))
        }
    }

    @Test func `Kolmogorov-Smirnov equals SciPy's exact test`() {
        for row in StatisticsReference.shared.smirnov {
            let test = kolmogorovSmirnov(row.x, row.y)
            #expect(isClose(test.statistic, row.statistic, 1e-12))
            #expect(isClose(test.pValue, row.p, 1e-9), "\(test.pValue) for \(row.p)")
        }
    }

    @Test func `a histogram does not differ from itself`() {
        for counts in [[1], [0, 0], [5, 0, 5], [100, 200, 300]] {
            #expect(populationStabilityIndex(of: counts, against: counts) == 0)
            #expect(jensenShannonDivergence(of: counts, against: counts) == 0)
            #expect(chiSquared(of: counts, against: counts).pValue == 1)
        }
    }

    @Test func `distances are symmetric`() {
        let (p, q) = ([5, 20, 75, 0], [40, 30, 20, 10])
        #expect(
            isClose(populationStabilityIndex(of: p, against: q), populationStabilityIndex(of: q, against: p)))
        #expect(isClose(jensenShannonDistance(of: p, against: q), jensenShannonDistance(of: q, against: p)))
        #expect(isClose(chiSquared(of: p, against: q).statistic, chiSquared(of: q, against: p).statistic))
    }

    @Test func `distances grow with the shift and stay in range`() {
        let reference = [1_000, 1_000]
        var last = (psi: -1.0, js: -1.0)
        for shift in stride(from: 0, through: 1_000, by: 100) {
            let current = [1_000 - shift, 1_000 + shift]
            let now = (
                populationStabilityIndex(of: current, against: reference),
                jensenShannonDivergence(of: current, against: reference)
            )
            #expect(now.0 > last.psi && now.1 > last.js)
            #expect(now.0.isFinite && now.1 <= 0.6932)
            last = now
        }
        #expect(isClose(jensenShannonDivergence(of: [7, 0], against: [0, 3]), 0.693147180559945, 1e-12))
    }

    @Test func `an empty sample differs from nothing`() {
        #expect(jensenShannonDivergence(of: [0, 0], against: [1, 2]) == 0)
        #expect(chiSquared(of: [0, 0], against: [1, 2]).pValue == 1)
        #expect(kolmogorovSmirnov([], [1]).pValue == 1)
        #expect(kolmogorovSmirnov([.nan], [1]).pValue == 1)
    }

    @Test func `chance alone makes about the index that is called noise`() {
        var random = SplitMix64(seed: 4)
        func sample(_ rows: Int) -> [Int] {
            var counts = Array(repeating: 0, count: 10)
            for _ in 0..<rows { counts[Int(random.uniform() * 10)] += 1 }
            return counts
        }
        let indices = (0..<200).map { _ in populationStabilityIndex(of: sample(300), against: sample(3_000)) }
        let noise = populationStabilityIndexNoise(of: sample(300), against: sample(3_000))
        let mean = indices.reduce(0, +) / 200
        #expect(isClose(noise, 9 * (1 / 300 + 1 / 3_000)))
        #expect(abs(mean / noise - 1) < 0.15)
    }

    @Test func `exact and asymptotic p-values meet at the border`() {
        let x = (0..<2_000).map { Double($0) }
        let y = (0..<2_000).map { Double($0) + 60.5 }
        let exact = kolmogorovSmirnov(x, y)
        let asymptotic = kolmogorovSmirnov(x + [1_000.25], y)
        #expect(exact.pValue > 0.1 && exact.pValue < 0.5)
        #expect(abs(exact.pValue - asymptotic.pValue) < 0.03)
    }
}
