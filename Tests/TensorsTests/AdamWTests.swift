import CKernels
import Glibc
import Tensors
import Testing

@Suite struct `The AdamW step` {
    @Test(arguments: Variant.all)
    func `equals the formula on every variant at every length`(_ variant: Variant) {
        var step = HoneAdamW(
            learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, correction1: 0.5,
            correction2: 0.25, gradientScale: 0.5)
        for n in 1...67 {
            let g = random(1, n, 1)
            var (w, m, v) = (random(1, n, 2), random(1, n, 3), random(1, n, 4))
            for j in 0..<n { v[0, j] = abs(v[0, j]) }
            let before = (w: Grid(w), m: Grid(m), v: Grid(v))
            unsafe variant.table.adamW(
                &step, g.pointer, w.mutablePointer, m.mutablePointer, v.mutablePointer, n)
            let (b1, b2) = (Double(Float(0.9)), Double(Float(0.999)))
            let moment = Grid(1, n) { b1 * before.m[0, $1] + (1 - b1) * Double(g[0, $1]) / 2 }
            let square = Grid(1, n) {
                b2 * before.v[0, $1] + (1 - b2) * Double(g[0, $1]) * Double(g[0, $1]) / 4
            }
            let weight = Grid(1, n) {
                before.w[0, $1] * 0.999 - 0.02 * moment[0, $1] / (square[0, $1].squareRoot() * 2 + 1e-8)
            }
            #expect(
                difference(m, moment) < 1e-6 && difference(v, square) < 1e-6 && difference(w, weight) < 2e-6)
        }
    }

    /// Ten steps against the update of `torch.optim.AdamW` in double precision.
    @Test func `follows the reference for ten steps`() {
        var w = random(3, 41, 1)
        var (m, v) = (Matrix(rows: 3, columns: 41), Matrix(rows: 3, columns: 41))
        var (rw, rm, rv) = (Grid(w), Grid(m), Grid(v))
        for t in 1...10 {
            let g = random(3, 41, UInt64(100 + t))
            AdamWStep(
                learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, step: t,
                gradientScale: 1
            ).apply(g, to: &w, moment1: &m, moment2: &v)
            for i in rw.values.indices {
                let gradient = Double(g.values[i])
                rm.values[i] = 0.9 * rm.values[i] + 0.1 * gradient
                rv.values[i] = 0.999 * rv.values[i] + 0.001 * gradient * gradient
                let mean = rm.values[i] / (1 - pow(0.9, Double(t)))
                let root = (rv.values[i] / (1 - pow(0.999, Double(t)))).squareRoot()
                rw.values[i] = rw.values[i] * (1 - 0.01 * 0.1) - 0.01 * mean / (root + 1e-8)
            }
        }
        #expect(difference(w, rw) < 2e-6)
    }

    @Test func `sums squares in double precision`() {
        let x = random(70, 1000, 1)
        let expected = Grid(x).dot(Grid(x))
        #expect(abs(x.sumOfSquares() - expected) < 1e-12 * expected)
        #expect(Matrix(rows: 0, columns: 3).sumOfSquares() == 0)
    }
}
