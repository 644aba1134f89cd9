import Drift
import Testing

@Suite struct EmbeddingsTests {
    @Test func `p-values of the kernel test are uniform where nothing has changed`() throws {
        let values = try (0..<200 as Range<UInt64>).map { seed in
            let (x, y) = (vectors(seed: 2 * seed, 12, 4), vectors(seed: 2 * seed + 1, 15, 4))
            return try #require(maximumMeanDiscrepancy(x, y, permutations: 99, seed: seed)).pValue
        }
        #expect(values.min()! >= 0.01)
        #expect(values.filter { $0 <= 0.05 }.count <= 18)
        #expect(abs(values.reduce(0, +) / 200 - 0.5) < 0.07)
    }

    @Test func `a move of the vectors is found, and p is never zero`() throws {
        let found = try #require(
            maximumMeanDiscrepancy(
                vectors(seed: 1, 60, 16, shift: 2), vectors(seed: 2, 80, 16), permutations: 199, seed: 3))
        #expect(found.pValue == 1.0 / 200)
        #expect(found.squared > 0.1)
    }

    @Test func `the discrepancy is symmetric and about zero on average`() throws {
        let (x, y) = (vectors(seed: 5, 20, 6), vectors(seed: 6, 33, 6, shift: 0.3))
        let one = try #require(maximumMeanDiscrepancy(x, y, permutations: 1, seed: 1))
        let other = try #require(maximumMeanDiscrepancy(y, x, permutations: 1, seed: 1))
        #expect(isClose(one.squared, other.squared, 1e-5))

        let nulls = try (0..<100 as Range<UInt64>).map { seed in
            try #require(
                maximumMeanDiscrepancy(
                    vectors(seed: seed, 20, 6), vectors(seed: seed + 500, 20, 6), bandwidth: 1,
                    permutations: 1,
                    seed: 0)
            ).squared
        }
        #expect(abs(nulls.reduce(0, +) / 100) < 0.003)
        #expect(nulls.contains { $0 < 0 })
    }

    @Test func `one row a side is no sample`() {
        #expect(maximumMeanDiscrepancy([[1]], [[1], [2]], seed: 1) == nil)
        #expect(DomainClassifier(current: [[1]], reference: vectors(seed: 1, 9, 1), seed: 1) == nil)
    }

    @Test func `a classifier finds no difference where there is none and shows it where there is`() throws {
        let areas = try (0..<100 as Range<UInt64>).map { seed in
            try #require(
                DomainClassifier(
                    current: vectors(seed: seed, 25, 5), reference: vectors(seed: seed + 700, 25, 5),
                    seed: seed))
        }
        #expect(areas.filter { $0.pValue <= 0.05 }.count <= 12)
        #expect(abs(areas.reduce(0) { $0 + $1.area } / 100 - 0.5) < 0.05)

        // Ten rows of sixty moved: they are the ones to be shown.
        let current = vectors(seed: 1, 50, 5) + vectors(seed: 2, 10, 5, shift: 3)
        let found = try #require(
            DomainClassifier(current: current, reference: vectors(seed: 3, 60, 5), seed: 4))
        #expect(found.mostTypical(10).filter { $0 >= 50 }.count >= 9)
        #expect(found.mostTypical(99).count == 60)
        #expect(found.mostFamiliar(30).allSatisfy { $0 < 50 })
        #expect(found.familiar.allSatisfy { $0 < 50 } && (15...45).contains(found.familiar.count))
    }

    @Test func `a projection keeps distances on average`() {
        let (x, y) = (vectors(seed: 1, 1, 384)[0], vectors(seed: 2, 1, 384)[0])
        func square(_ a: [Float], _ b: [Float]) -> Double {
            zip(a, b).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
        }
        // Seeds apart from those of the vectors, which would else be made of the same bits.
        let ratios = (5_000..<5_200 as Range<UInt64>).map { seed in
            let project = RandomProjection(inputDimensions: 384, seed: seed)
            return square(project(x), project(y)) / square(x, y)
        }
        let mean = ratios.reduce(0, +) / 200
        let deviation = (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200).squareRoot()
        #expect(abs(mean - 1) < 0.05)
        #expect(abs(deviation - 0.177) < 0.04)
    }

    @Test func `a projection is its seed`() throws {
        let project = RandomProjection(inputDimensions: 10, seed: 7)
        let stored = try roundTrip(project)
        let vector = vectors(seed: 3, 1, 10)[0]
        #expect(stored == project)
        #expect(stored(vector) == project(vector))
        #expect(project(vector).count == 64)
        #expect(project([Float](repeating: 0, count: 10)).allSatisfy { $0 == 0 })
    }
}
