import CKernels
import Tensors
import Testing

@Suite struct `Matrix product kernels` {
    /// Rows, depth, columns that are multiples of nothing, and all sizes around a tile and a panel.
    static let shapes: [(Int, Int, Int)] =
        (1...17).map { ($0, 5, 19) } + (1...67).map { (7, 3, $0) } + (1...35).map { (9, $0, 50) }
        + [(67, 67, 67), (23, 129, 97), (1, 1, 1), (48, 64, 48), (130, 31, 49), (5, 2100, 7)]

    @Test(arguments: Variant.all)
    func `equal the naive product at every shape`(_ variant: Variant) {
        for (m, k, n) in Self.shapes {
            let (a, b, bias) = (random(m, k, 1), random(k, n, 2), random(1, n, 3))
            let expected = Grid(a) * Grid(b)
            let tolerance = 1e-6 * Double(k).squareRoot()
            #expect(difference(variant.product(a, b), expected) < tolerance, "[\(m), \(k)] · [\(k), \(n)]")
            #expect(
                difference(variant.product(a.turned, b, isTurned: true), expected) < tolerance,
                "turned \(m) \(k) \(n)")
            #expect(
                difference(variant.product(a, b, packsTransposed: true, bias: bias), expected + Grid(bias))
                    < tolerance,
                "bias \(m) \(k) \(n)")
            let start = random(m, n, 4)
            #expect(
                difference(variant.product(a, b, adding: start), expected + Grid(start)) < tolerance,
                "+= \(m) \(k) \(n)")
        }
    }

    @Test(arguments: Variant.all)
    func `apply their epilogue once, after the bias`(_ variant: Variant) {
        for (m, k, n) in Self.shapes {
            let (a, b, bias, residual) = (random(m, k, 1), random(k, n, 2), random(1, n, 3), random(m, n, 4))
            let sum = Grid(a) * Grid(b) + Grid(bias)
            let tolerance = 2e-6 * Double(k).squareRoot()
            let gelu = variant.product(a, b, bias: bias, epilogue: HONE_EPILOGUE_GELU)
            #expect(difference(gelu, sum.map { Grid.gelu($0) }) < tolerance, "gelu \(m) \(k) \(n)")
            let added = variant.product(a, b, bias: bias, residual: residual)
            #expect(difference(added, sum + Grid(residual)) < tolerance, "residual \(m) \(k) \(n)")
        }
    }

    @Test(arguments: Variant.all)
    func `give a row the same bits whatever rows surround it`(_ variant: Variant) {
        let (a, b) = (random(29, 70, 1), random(70, 53, 2))
        let whole = variant.product(a, b)
        for row in 0..<a.rows {
            for count in 1...min(9, a.rows - row) {
                let part = variant.product(a.part(row..<row + count), b)
                #expect(part == whole.part(row..<row + count))
            }
        }
    }

    @Test(arguments: Variant.all)
    func `carry NaN and infinity through`(_ variant: Variant) {
        var a = random(3, 4, 1)
        a[1, 2] = .nan
        let c = variant.product(a, random(4, 5, 2), epilogue: HONE_EPILOGUE_GELU)
        #expect(c.values.map(\.isNaN) == (0..<15).map { $0 / 5 == 1 })
    }
}
