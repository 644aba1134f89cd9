import CKernels
import Glibc
import Tensors
import Testing

@Suite struct `Kernels along rows` {
    static let widths = Array(1...67) + [384]

    @Test(arguments: Variant.all)
    func `softmax of each row equals its formula`(_ variant: Variant) {
        for n in Self.widths {
            let x = random(3, n, UInt64(n))
            #expect(difference(variant.softmax(x), Grid(x).softmax()) < 1e-6, "\(n) columns")
        }
    }

    @Test(arguments: Variant.all)
    func `softmax stays finite at extreme values and lets NaN be seen`(_ variant: Variant) {
        for n in [2, 3, 16, 19, 40] {
            func softmax(_ place: Int, _ value: Float) -> [Float] {
                var x = Matrix(rows: 1, columns: n)
                x[0, place] = value
                return variant.softmax(x).values
            }
            for place in 0..<n {
                #expect(softmax(place, 100)[place] > 0.999)
                #expect(softmax(place, 3e38)[place] > 0.999)
                #expect(softmax(place, -3e38)[place] < 1e-30)
                #expect(softmax(place, -.infinity)[place] < 1e-30)
                #expect(softmax(place, .nan).contains { $0.isNaN }, "NaN at \(place) of \(n) was swallowed")
            }
        }
    }

    @Test(arguments: Variant.all)
    func `layer norm equals its formula`(_ variant: Variant) {
        for n in Self.widths {
            let (x, w, b) = (random(3, n, 1), random(1, n, 2), random(1, n, 3))
            let all = variant.layerNorm(x, w, b)
            #expect(
                difference(all.y, Grid(x).layerNorm(Grid(w), Grid(b), Double(Float(1e-3)))) < 3e-6,
                "\(n) columns")
            var alone = Matrix(rows: 3, columns: n)
            unsafe variant.table.layerNorm(
                x.pointer, w.pointer, b.pointer, 1e-3, 3, n, alone.mutablePointer, nil, nil)
            #expect(alone == all.y)
        }
    }

    @Test(arguments: Variant.all)
    func `layer norm's three gradients equal central differences`(_ variant: Variant) {
        for n in [2, 5, 16, 19, 33] {
            let (x, w, b, r) = (random(3, n, 1), random(1, n, 2), random(1, n, 3), random(3, n, 4))
            let all = variant.layerNorm(x, w, b)
            var dx = Matrix(rows: 3, columns: n)
            var (dw, db) = (Matrix(rows: 1, columns: n), Matrix(rows: 1, columns: n))
            unsafe variant.table.layerNormBackward(
                r.pointer, all.z.pointer, all.inverse.pointer, w.pointer, 3, n, dx.mutablePointer)
            unsafe variant.table.layerNormParameters(
                r.pointer, all.z.pointer, 3, n, 0, n / 2, dw.mutablePointer, db.mutablePointer)
            unsafe variant.table.layerNormParameters(
                r.pointer, all.z.pointer, 3, n, n / 2, n, dw.mutablePointer, db.mutablePointer)
            func loss(_ x: Grid, _ w: Grid, _ b: Grid) -> Double {
                x.layerNorm(w, b, Double(Float(1e-3))).dot(Grid(r))
            }
            let (gx, gw, gb) = (Grid(x), Grid(w), Grid(b))
            #expect(difference(dx, Grid.gradient(at: gx) { loss($0, gw, gb) }) < 1e-5, "\(n) columns")
            #expect(difference(dw, Grid.gradient(at: gw) { loss(gx, $0, gb) }) < 1e-5, "\(n) columns")
            #expect(difference(db, Grid.gradient(at: gb) { loss(gx, gw, $0) }) < 1e-5, "\(n) columns")
        }
    }

    @Test(arguments: Variant.all)
    func `sums of rows add to what is there`(_ variant: Variant) {
        for n in Self.widths {
            let (x, start) = (random(5, n, 1), random(1, n, 3))
            var sums = start
            unsafe variant.table.sumRows(x.pointer, 5, n, 0, n / 3, sums.mutablePointer)
            unsafe variant.table.sumRows(x.pointer, 5, n, n / 3, n, sums.mutablePointer)
            #expect(difference(sums, Grid(1, 5) { _, _ in 1 } * Grid(x) + Grid(start)) < 1e-6)
        }
    }
}

extension Variant {
    fileprivate func softmax(_ x: Matrix) -> Matrix {
        var y = x
        unsafe table.softmax(y.mutablePointer, x.rows, x.columns)
        return y
    }

    fileprivate func layerNorm(_ x: Matrix, _ w: Matrix, _ b: Matrix) -> (
        y: Matrix, z: Matrix, inverse: Matrix
    ) {
        var (y, z) = (Matrix(rows: x.rows, columns: x.columns), Matrix(rows: x.rows, columns: x.columns))
        var inverse = Matrix(rows: 1, columns: x.rows)
        unsafe table.layerNorm(
            x.pointer, w.pointer, b.pointer, 1e-3, x.rows, x.columns, y.mutablePointer, z.mutablePointer,
            inverse.mutablePointer)
        return (y, z, inverse)
    }
}

@Suite struct `Operations along rows` {
    @Test func `layer norm in training gives what it gives in prediction, and its gradients`() {
        let (x, w, b, r) = (random(40, 9, 1), random(1, 9, 2), random(1, 9, 3), random(40, 9, 4))
        let (y, cache) = x.layerNormForTraining(weight: w, bias: b, epsilon: 1e-4)
        #expect(y == x.layerNorm(weight: w, bias: b, epsilon: 1e-4))
        var (dw, db) = (w, b)
        let dx = r.layerNormBackward(cache, weight: w, dweight: &dw, dbias: &db)

        func loss(_ x: Grid, _ w: Grid, _ b: Grid) -> Double {
            x.layerNorm(w, b, Double(Float(1e-4))).dot(Grid(r))
        }
        let (gx, gw, gb) = (Grid(x), Grid(w), Grid(b))
        #expect(difference(dx, Grid.gradient(at: gx) { loss($0, gw, gb) }) < 1e-5)
        #expect(difference(dw, Grid.gradient(at: gw) { loss(gx, $0, gb) } + gw) < 1e-5)
        #expect(difference(db, Grid.gradient(at: gb) { loss(gx, gw, $0) } + gb) < 1e-5)
    }

    @Test func `softmax and sums of rows equal their formulas`() {
        let x = random(5, 7, 1)
        #expect(difference(x.softmaxRows(), Grid(x).softmax()) < 1e-6)
        var sum = random(1, 7, 2)
        let expected = Grid(1, 5) { _, _ in 1 } * Grid(x) + Grid(sum)
        sum.addRows(of: x)
        #expect(difference(sum, expected) < 1e-6)
        #expect(Matrix(rows: 0, columns: 4).softmaxRows().rows == 0)
    }
}
