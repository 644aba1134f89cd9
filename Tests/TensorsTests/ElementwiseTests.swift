import CKernels
import Glibc
import Tensors
import Testing

@Suite struct `Elementwise kernels` {
    /// From far outside the interesting range to far inside, zero and neighbours included.
    static let points: Matrix = {
        let steps = stride(from: Float(-12), through: 12, by: 0.00137).map { $0 }
        let extremes: [Float] = [0, -0.0, 1e-30, -1e-30, 1e-8, 30, -30, 1e4, -1e4, 3e38, -3e38]
        return Matrix(rows: 1, columns: steps.count + extremes.count, values: steps + extremes)
    }()

    /// The greatest |y − f(x)| relative to max(|f(x)|, floor), over all points.
    private func error(_ y: Matrix, floor: Double, _ f: (Double) -> Double) -> Double {
        zip(y.values, Self.points.values).map { y, x in
            let expected = f(Double(x))
            return Double(y) == expected ? 0 : abs(Double(y) - expected) / max(abs(expected), floor)
        }.max()!
    }

    @Test(arguments: Variant.all)
    func `GELU agrees with libm to a millionth, tanh relative to its value`(_ variant: Variant) {
        let gelu = error(unsafe variant.map(Self.points) { unsafe $0.gelu }, floor: 1) { Grid.gelu($0) }
        #expect(gelu < 1e-6)
        let tanh = error(unsafe variant.map(Self.points) { unsafe $0.tanh }, floor: 1e-30) { Glibc.tanh($0) }
        #expect(tanh < 2e-6)
    }

    @Test(arguments: Variant.all)
    func `GELU near zero keeps its relative precision`(_ variant: Variant) {
        let points = (1...1000).flatMap { [Float($0) * 1e-3, Float($0) * -1e-3] }
        let x = Matrix(rows: 1, columns: points.count, values: points)
        let y = unsafe variant.map(x) { unsafe $0.gelu }
        for (x, y) in zip(points, y.values) {
            let expected = Grid.gelu(Double(x))
            #expect(abs(Double(y) - expected) < 1e-6 * abs(expected))
        }
    }

    @Test(arguments: Variant.all)
    func `NaN goes through activations`(_ variant: Variant) {
        for n in [1, 16, 21] {
            let x = Matrix(rows: 1, columns: n, values: [Float](repeating: .nan, count: n))
            let gelu = unsafe variant.map(x) { unsafe $0.gelu }.values
            #expect(gelu.allSatisfy { $0.isNaN })
            let tanh = unsafe variant.map(x) { unsafe $0.tanh }.values
            #expect(tanh.allSatisfy { $0.isNaN })
        }
    }

    @Test(arguments: Variant.all)
    func `GELU's derivative equals central differences`(_ variant: Variant) {
        let (x, dy) = (random(1, 203, 1), random(1, 203, 2))
        var dx = Matrix(rows: 1, columns: 203)
        unsafe variant.table.geluBackward(x.pointer, dy.pointer, dx.mutablePointer, 203)
        #expect(difference(dx, Grid.gradient(at: Grid(x)) { $0.map { Grid.gelu($0) }.dot(Grid(dy)) }) < 1e-6)
    }

    private static func geluTanh(_ x: Double) -> Double {
        0.5 * x * (1 + Glibc.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }

    @Test(arguments: Variant.all)
    func `GELU's approximation by tanh and its derivative equal their formulas`(_ variant: Variant) {
        let y = unsafe variant.map(Self.points) { unsafe $0.geluTanh }
        #expect(error(y, floor: 1, Self.geluTanh) < 1e-6)
        let (x, dy) = (random(1, 203, 1), random(1, 203, 2))
        var dx = Matrix(rows: 1, columns: 203)
        unsafe variant.table.geluTanhBackward(x.pointer, dy.pointer, dx.mutablePointer, 203)
        let expected = Grid.gradient(at: Grid(x)) { $0.map { Self.geluTanh($0) }.dot(Grid(dy)) }
        #expect(difference(dx, expected) < 2e-6)
        #expect(difference(dy.geluTanhBackward(input: x), expected) < 2e-6)
        #expect(difference(x.geluTanh(), Grid(x).map { Self.geluTanh($0) }) < 1e-6)
    }

    @Test(arguments: Variant.all)
    func `sums equal their formulas at every length`(_ variant: Variant) {
        for n in 1...67 {
            let (x, y) = (random(1, n, 1), random(1, n, 2))
            var sum = y
            unsafe variant.table.add(x.pointer, sum.mutablePointer, n)
            #expect(difference(sum, Grid(x) + Grid(y)) < 1e-6)
            let squares = unsafe variant.table.sumOfSquares(x.pointer, n)
            #expect(abs(squares - Grid(x).dot(Grid(x))) < 1e-12 * squares)
        }
    }

    @Test(arguments: Variant.all)
    func `no kernel writes beyond its last element`(_ variant: Variant) {
        let x = random(1, 64, 1)
        for n in 1...40 {
            func expectGuarded(_ kernel: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void) {
                var y = Matrix(rows: 1, columns: 64, values: [Float](repeating: 7, count: 64))
                unsafe kernel(x.pointer, y.mutablePointer, n)
                #expect(y.values[n...].allSatisfy { $0 == 7 })
            }
            unsafe expectGuarded { unsafe variant.table.gelu($0, $1, $2) }
            unsafe expectGuarded { unsafe variant.table.geluTanh($0, $1, $2) }
            unsafe expectGuarded { unsafe variant.table.tanh($0, $1, $2) }
            unsafe expectGuarded { unsafe variant.table.add($0, $1, $2) }
        }
    }

    @Test func `operations on matrices use the kernels as they should`() {
        let (x, dy) = (random(41, 1000, 1), random(41, 1000, 2))
        #expect(difference(x.gelu(), Grid(x).map { Grid.gelu($0) }) < 1e-6)
        #expect(difference(x.tanh(), Grid(x).map { tanh($0) }) < 1e-6)
        let slope = Grid(x).map {
            0.5 * erfc(-$0 / 2.0.squareRoot()) + $0 * exp(-$0 * $0 / 2) / (2 * .pi).squareRoot()
        }
        let dx = dy.geluBackward(input: x)
        #expect(difference(dx, Grid(41, 1000) { Double(dy[$0, $1]) * slope[$0, $1] }) < 1e-6)
        var z = x
        z += dy
        #expect(difference(z, Grid(x) + Grid(dy)) < 1e-6)
    }
}
