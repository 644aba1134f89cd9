import CKernels
import Tensors
import Testing

@Suite struct `Attention of one head` {
    static let shapes = [
        (1, 1), (2, 3), (5, 8), (15, 10), (16, 16), (17, 32), (33, 19), (64, 33), (65, 64), (131, 32),
    ]

    @Test(arguments: Variant.all)
    func `equals its formula on every variant`(_ variant: Variant) {
        for (n, size) in Self.shapes {
            for isCausal in [false, true] {
                let qkv = random(n, 3 * size, 1)
                let (q, k, v) = Grid(qkv).threeParts
                let expected = Grid.attention(q, k, v, heads: 1, offsets: [0, n], isCausal: isCausal)
                #expect(
                    difference(variant.attention(qkv, isCausal: isCausal), expected) < 1e-5,
                    "\(n) × \(size)")
            }
        }
    }

    @Test(arguments: Variant.all)
    func `backward equals its formula on every variant`(_ variant: Variant) {
        for (n, size) in Self.shapes {
            for isCausal in [false, true] {
                let (qkv, g) = (random(n, 3 * size, 1), random(n, size, 2))
                let d = Grid(variant.attentionBackward(g, qkv, isCausal: isCausal))

                // ∂S = P ∘ (∂P − Σ P∘∂P)/√s, in double precision.
                let (q, k, v) = Grid(qkv).threeParts
                let scale = 1 / Double(size).squareRoot()
                let scores = q * k.transposed
                let p = Grid(n, n) { isCausal && $1 > $0 ? -.infinity : scale * scores[$0, $1] }.softmax()
                let dp = Grid(g) * v.transposed
                let sums = (0..<n).map { i in (0..<n).reduce(0) { $0 + p[i, $1] * dp[i, $1] } }
                let ds = Grid(n, n) { scale * p[$0, $1] * (dp[$0, $1] - sums[$0]) }
                let (dq, dk, dv) = d.threeParts
                #expect(
                    dq.isNear(ds * k) && dk.isNear(ds.transposed * q) && dv.isNear(p.transposed * Grid(g)),
                    "\(n) × \(size)")
            }
        }
    }

    @Test(arguments: Variant.all)
    func `backward equals central differences`(_ variant: Variant) {
        for isCausal in [false, true] {
            let (qkv, r) = (random(6, 9, 1), random(6, 3, 2))
            let d = variant.attentionBackward(r, qkv, isCausal: isCausal)
            let expected = Grid.gradient(at: Grid(qkv)) { x in
                let (q, k, v) = x.threeParts
                return Grid.attention(q, k, v, heads: 1, offsets: [0, 6], isCausal: isCausal).dot(Grid(r))
            }
            #expect(difference(d, expected) < 1e-5)
        }
    }

    @Test(arguments: Variant.all)
    func `dropout drops the same weights forward and backward`(_ variant: Variant) {
        // With v the identity the context is the weights themselves, dropped ones being 0.
        let (n, size) = (7, 8)
        let (qkv, r) = (random(n, 3 * size, 1), random(n, size, 2))
        let unit = Matrix(
            rows: n, columns: 3 * size,
            values: (0..<n * 3 * size).map { i in
                let (row, column) = (i / (3 * size), i % (3 * size))
                return column < 2 * size ? qkv[row, column] : column - 2 * size == row ? 1 : 0
            })
        let weights = variant.attention(unit, isCausal: false)
        let kept = variant.attention(unit, isCausal: false, dropout: 0.4)
        let mask = Grid(n, n) { Double(kept[$0, $1]) / Double(weights[$0, $1]) }
        #expect((5...35).contains(mask.values.count { $0 == 0 }))
        #expect(mask.values.allSatisfy { $0 == 0 || abs($0 - 1 / 0.6) < 1e-4 })

        let d = variant.attentionBackward(r, qkv, isCausal: false, dropout: 0.4)
        let expected = Grid.gradient(at: Grid(qkv)) { x in
            let (q, k, v) = x.threeParts
            return Grid.attention(q, k, v, heads: 1, offsets: [0, n], isCausal: false) { _, _ in mask }.dot(
                Grid(r))
        }
        #expect(difference(d, expected) < 1e-4)
    }
}

@Suite struct `Ragged attention` {
    static let offsets = [0, 1, 4, 21, 70, 140]

    @Test(arguments: [false, true])
    func `equals its formula`(isCausal: Bool) {
        for (heads, size) in [(1, 1), (2, 3), (3, 16), (2, 19)] {
            let qkv = random(140, 3 * heads * size, 1)
            let (q, k, v) = Grid(qkv).threeParts
            let shape = AttentionShape(offsets: Self.offsets, heads: heads, isCausal: isCausal)
            let expected = Grid.attention(q, k, v, heads: heads, offsets: Self.offsets, isCausal: isCausal)
            #expect(difference(qkv.attention(shape), expected) < 1e-5)
        }
    }

    @Test(arguments: [false, true])
    func `backward equals central differences`(isCausal: Bool) {
        let offsets = [0, 1, 5, 12]
        let (qkv, r) = (random(12, 18, 1), random(12, 6, 2))
        let shape = AttentionShape(offsets: offsets, heads: 2, isCausal: isCausal)
        let d = qkv.attentionBackward(shape, dcontext: r)
        let expected = Grid.gradient(at: Grid(qkv)) { x in
            let (q, k, v) = x.threeParts
            return Grid.attention(q, k, v, heads: 2, offsets: offsets, isCausal: isCausal).dot(Grid(r))
        }
        #expect(difference(d, expected) < 1e-5)
    }

    @Test(arguments: [false, true])
    func `gives a sequence the same bits alone and in a batch`(isCausal: Bool) {
        let qkv = random(140, 36, 1)
        let context = qkv.attention(AttentionShape(offsets: Self.offsets, heads: 3, isCausal: isCausal))
        for (begin, end) in zip(Self.offsets, Self.offsets.dropFirst()) {
            let alone = qkv.part(begin..<end).attention(
                AttentionShape(offsets: [0, end - begin], heads: 3, isCausal: isCausal))
            #expect(alone == context.part(begin..<end))
        }
    }

    @Test func `hides later tokens from a causal token`() {
        var qkv = random(90, 12, 1)
        let shape = AttentionShape(offsets: [0, 90], heads: 2, isCausal: true)
        let before = qkv.attention(shape).part(0..<60)
        for row in 60..<90 { for column in 0..<12 { qkv[row, column] = 1e6 } }
        #expect(qkv.attention(shape).part(0..<60) == before)
    }

    @Test(arguments: [false, true])
    func `adds a bias by distance, forward and backward`(isCausal: Bool) {
        let offsets = [0, 1, 5, 12]
        let (qkv, r, bias) = (random(12, 18, 1), random(12, 6, 2), random(2, 17, 3))
        let shape = AttentionShape(offsets: offsets, heads: 2, isCausal: isCausal, distanceBias: bias)
        func context(_ x: Grid, _ bias: Grid) -> Grid {
            let (q, k, v) = x.threeParts
            return Grid.attention(q, k, v, heads: 2, offsets: offsets, isCausal: isCausal, bias: bias)
        }
        #expect(difference(qkv.attention(shape), context(Grid(qkv), Grid(bias))) < 1e-5)

        let (dqkv, dbias) = qkv.attentionBackwardWithBias(shape, dcontext: r)
        let expected = Grid.gradient(at: Grid(qkv)) { context($0, Grid(bias)).dot(Grid(r)) }
        #expect(difference(dqkv, expected) < 1e-5)
        #expect(dqkv == qkv.attentionBackward(shape, dcontext: r))
        let expectedBias = Grid.gradient(at: Grid(bias)) { context(Grid(qkv), $0).dot(Grid(r)) }
        #expect(difference(dbias, expectedBias) < 1e-5)
    }

    @Test func `the last tokens alone get the context that all together give them`() {
        let qkv = random(40, 36, 1)
        let all = qkv.part(0..<33).attention(AttentionShape(offsets: [0, 33], heads: 3, isCausal: true))
        for count in [1, 2, 4, 5, 33] {
            let last = qkv.causalContext(ofLast: count, of: 33, heads: 3)
            #expect(difference(last, Grid(all.part(33 - count..<33))) < 1e-6)
        }
    }

    @Test func `drops differently in each head, and the same when asked again`() {
        let qkv = random(20, 24, 1)
        func context(_ seed: UInt64, _ stream: UInt64) -> Matrix {
            qkv.attention(
                AttentionShape(offsets: [0, 20], heads: 2, dropout: 0.5, seed: seed, stream: stream))
        }
        #expect(context(1, 2) == context(1, 2))
        #expect(context(1, 2) != context(1, 3) && context(1, 2) != context(2, 2))
    }
}

extension Grid {
    /// q, k and v of a fused matrix.
    fileprivate var threeParts: (Grid, Grid, Grid) {
        let d = columns / 3
        let parts = (0..<3).map { copy(rows: 0..<rows, columns: $0 * d..<($0 + 1) * d) }
        return (parts[0], parts[1], parts[2])
    }

    fileprivate func isNear(_ other: Grid) -> Bool {
        let scale = max(1, other.values.map(abs).max() ?? 1)
        return zip(values, other.values).allSatisfy { abs($0 - $1) < 1e-5 * scale }
    }
}
