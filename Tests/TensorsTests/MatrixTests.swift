import Tensors
import Testing

@Suite struct `A matrix` {
    @Test func `is a value: a copy does not see later writes`() {
        var a = Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4])
        let b = a
        a[0, 1] = 20
        #expect(a.values == [1, 20, 3, 4] && b.values == [1, 2, 3, 4])
        #expect(a != b && b == Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4]))
    }

    @Test func `starts with zeros even in memory that was used before`() {
        for _ in 0..<20 {
            var used = Matrix(rows: 30, columns: 30)
            for i in 0..<30 { used[i, i] = .nan }
        }
        #expect(Matrix(rows: 30, columns: 30).values.allSatisfy { $0 == 0 })
    }

    @Test func `lies on a boundary of 64 bytes`() {
        for n in [1, 7, 300, 5000] {
            let address = unsafe Matrix(rows: 1, columns: n).withUnsafe { UInt(bitPattern: $0.baseAddress) }
            #expect(address % 64 == 0)
        }
    }

    @Test func `of no elements is harmless`() {
        let empty = Matrix(rows: 0, columns: 5)
        #expect(empty.values.isEmpty && empty.gelu() == empty && empty != Matrix(rows: 5, columns: 0))
    }

    @Test func `shows its rows`() {
        let m = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
        #expect(m[row: 1] == [4, 5, 6] && m[1, 0] == 4 && m.count == 6 && m.shape == "2 × 3")
    }

    @Test func `equals another where all bits do, NaN included`() {
        let m = Matrix(rows: 1, columns: 2, values: [.nan, 0])
        #expect(m == m)
        #expect(m != Matrix(rows: 1, columns: 2, values: [.nan, -0.0]))
    }
}

@Suite(.serialized) struct `Copies of matrices` {
    /// Other tests may copy meanwhile, so that only the least of several rounds counts.
    private func leastCopies(_ body: () -> Void) -> Int {
        (0..<50).map { _ in
            let before = Matrix.copies
            body()
            return Matrix.copies - before
        }.min()!
    }

    @Test func `are not made where a matrix has one owner`() {
        let x = random(8, 16, 1)
        let w = random(16, 16, 2)
        #expect(
            leastCopies {
                var y = x.times(transposeOf: w, bias: nil)
                y += x
                var dw = Matrix(rows: 16, columns: 16)
                dw.addProduct(transposeOf: y, x)
                dw[0, 0] = 1
            } == 0)
    }

    @Test func `are counted where it has two`() {
        #expect(
            leastCopies {
                let x = Matrix(rows: 8, columns: 8)
                var y = x
                y[0, 0] = 1
                withExtendedLifetime(x) {}
            } == 1)
    }
}
