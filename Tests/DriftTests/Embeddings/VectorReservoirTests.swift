import Drift
import Testing

@Suite struct VectorReservoirTests {
    private func filled(_ ids: some Sequence<UInt64>, capacity: Int = 50, seed: UInt64 = 9) -> VectorReservoir
    {
        var reservoir = VectorReservoir(capacity: capacity, seed: seed)
        for id in ids { reservoir.offer(id: id, [Float(id)]) }
        return reservoir
    }

    @Test func `the order of the rows does not matter`() {
        let ids = Array(0..<1_000 as Range<UInt64>)
        #expect(filled(ids) == filled(ids.reversed()))
    }

    @Test func `the sample of two stretches is the merge of their samples`() {
        var merged = filled(0..<700)
        merged.merge(filled(700..<1_000))
        #expect(merged == filled(0..<1_000))
    }

    @Test func `a row that comes twice is kept once`() {
        let reservoir = filled([1, 2, 3, 2, 1, 1])
        #expect(Set(reservoir.rows.map(\.id)) == [1, 2, 3])
        #expect(reservoir.rows.count == 3)
        #expect(reservoir.offered == 6)
    }

    @Test func `every row has the same chance`() {
        var kept = [Int](repeating: 0, count: 10)
        for seed in 0..<400 as Range<UInt64> {
            for row in filled(0..<1_000, seed: seed).rows { kept[Int(row.id) / 100] += 1 }
        }
        // 400 · 50 rows in ten tenths: 2 000 each, give or take four standard deviations.
        #expect(kept.allSatisfy { abs($0 - 2_000) < 180 }, "\(kept)")
    }

    @Test func `vectors of rows that do not stay are never computed`() {
        var reservoir = filled(0..<10_000)
        var computed = 0
        for id in 10_000..<20_000 as Range<UInt64> {
            reservoir.offer(
                id: id,
                {
                    computed += 1; return [0]
                }())
        }
        // 50 · ln 2 ≈ 35 are expected to stay for a while.
        #expect(computed < 80)
        #expect(reservoir.rows.count == 50)
        #expect(!reservoir.wants(id: 3) || reservoir.rows.contains { $0.id == 3 })
    }

    @Test func `a vector that is no vector is not kept`() {
        var reservoir = VectorReservoir(capacity: 3, seed: 1)
        reservoir.offer(id: 1, [.nan])
        #expect(reservoir.rows.isEmpty && reservoir.offered == 1)
    }

    @Test func `a stored sample goes on as if never stored`() throws {
        var reservoir = filled(0..<200)
        var stored = try roundTrip(reservoir)
        for id in 200..<400 as Range<UInt64> {
            reservoir.offer(id: id, [1])
            stored.offer(id: id, [1])
        }
        #expect(stored == reservoir)
    }
}
