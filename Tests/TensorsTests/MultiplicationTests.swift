import Tensors
import Testing

@Suite struct Multiplication {
    static let shapes = [(1, 1, 1), (3, 5, 7), (19, 33, 50), (67, 61, 131), (200, 48, 96), (130, 65, 200)]

    @Test func `the three products of a linear layer are what they say`() {
        for (n, inputs, outputs) in Self.shapes {
            let (x, w, b, dy) = (
                random(n, inputs, 1), random(outputs, inputs, 2), random(1, outputs, 3), random(n, outputs, 4)
            )
            #expect(
                difference(x.times(transposeOf: w, bias: b), Grid(x) * Grid(w).transposed + Grid(b)) < 1e-5)
            #expect(difference(x.times(transposeOf: w, bias: nil), Grid(x) * Grid(w).transposed) < 1e-5)
            #expect(difference(dy.times(w), Grid(dy) * Grid(w)) < 1e-5)
            var dw = random(outputs, inputs, 5)
            let expected = Grid(dw) + Grid(dy).transposed * Grid(x)
            dw.addProduct(transposeOf: dy, x)
            #expect(difference(dw, expected) < 1e-5)
        }
    }

    @Test func `packed weights give the same bits as packing on the fly, and fuse their epilogue`() {
        for (n, inputs, outputs) in Self.shapes {
            let (x, w, b, r) = (
                random(n, inputs, 1), random(outputs, inputs, 2), random(1, outputs, 3), random(n, outputs, 4)
            )
            let packed = PackedWeights(w, bias: b)
            let y = x.times(transposeOf: w, bias: b)
            #expect(packed.apply(to: x) == y)
            #expect(difference(packed.apply(to: x, .gelu), Grid(y).map { Grid.gelu($0) }) < 1e-6)
            #expect(difference(packed.apply(to: x, .residual(r)), Grid(y) + Grid(r)) < 1e-6)
            #expect(packed.inputs == inputs && packed.outputs == outputs)
        }
    }

    @Test func `a row has the same bits alone and in a batch`() {
        let (x, w, b) = (random(150, 70, 1), random(110, 70, 2), random(1, 110, 3))
        let packed = PackedWeights(w, bias: b)
        let whole = packed.apply(to: x, .gelu)
        for rows in [0..<1, 63..<64, 64..<71, 5..<150] {
            #expect(packed.apply(to: x.part(rows), .gelu) == whole.part(rows))
        }
    }

    @Test func `no rows give no rows, and change no gradient`() {
        let w = random(4, 3, 1)
        #expect(Matrix(rows: 0, columns: 3).times(transposeOf: w, bias: nil) == Matrix(rows: 0, columns: 4))
        #expect(PackedWeights(w, bias: nil).apply(to: Matrix(rows: 0, columns: 3), .gelu).rows == 0)
        var dw = w
        dw.addProduct(transposeOf: Matrix(rows: 0, columns: 4), Matrix(rows: 0, columns: 3))
        #expect(dw == w)
    }

    @Test func `no operation depends on the number of threads`() {
        let (x, w, b) = (random(300, 70, 1), random(210, 70, 2), random(1, 210, 3))
        let results = [1, 2, 3].map { threads -> [Matrix] in
            let pool = ThreadPool(threads: threads)
            let y = x.times(transposeOf: w, bias: b, pool: pool)
            var dw = Matrix(rows: 210, columns: 70)
            dw.addProduct(transposeOf: y, x, pool: pool)
            let shape = AttentionShape(
                offsets: [0, 1, 40, 41, 150, 300], heads: 7, dropout: 0.1, seed: 3, stream: 4)
            let context = y.attention(shape, pool: pool)
            let (normed, normal) = x.layerNormForTraining(
                weight: x.part(0..<1), bias: x.part(1..<2), epsilon: 1e-12, pool: pool)
            var (dweight, dbias) = (Matrix(rows: 1, columns: 70), Matrix(rows: 1, columns: 70))
            let dnorm = x.layerNormBackward(
                normal, weight: x.part(0..<1), dweight: &dweight, dbias: &dbias, pool: pool)
            var sum = Matrix(rows: 1, columns: 210)
            sum.addRows(of: y, pool: pool)
            var (weight, m, v) = (dw, Matrix(rows: 210, columns: 70), Matrix(rows: 210, columns: 70))
            AdamWStep(
                learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1, step: 1,
                gradientScale: 1
            ).apply(dw, to: &weight, moment1: &m, moment2: &v, pool: pool)
            return [
                y, dw, y.times(w, pool: pool), context,
                y.attentionBackward(shape, dcontext: context, pool: pool), normed,
                dnorm,
                dweight, dbias, sum, weight, m, v, PackedWeights(w, bias: b).apply(to: x, .gelu, pool: pool),
                x.dropout(rate: 0.3, seed: 1, stream: 2, pool: pool), y.gelu(pool: pool),
                y.geluBackward(input: y, pool: pool),
                Matrix(rows: 1, columns: 1, values: [Float(y.sumOfSquares(pool: pool))]),
            ]
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }
}
