import CKernels

/// The shape of multi-head attention over a ragged batch: only this looks at where sentences begin.
public struct AttentionShape: Sendable, Equatable {
    /// Where each sequence begins, and last the number of tokens.
    public var offsets: [Int]
    public var heads: Int
    /// Whether a token sees only itself and what comes before it.
    public var isCausal: Bool
    /// The share of attention weights that is dropped, and where its random numbers come from.
    public var dropout: Float
    public var seed: UInt64
    public var stream: UInt64
    /// What is added to the score of a token for another by their distance: [heads, 2·reach − 1], the
    /// distance 0 in the middle. `nil` for none.
    public var distanceBias: Matrix?

    public init(
        offsets: [Int], heads: Int, isCausal: Bool = false, dropout: Float = 0, seed: UInt64 = 0,
        stream: UInt64 = 0, distanceBias: Matrix? = nil
    ) {
        precondition(offsets.first == 0, "offsets begin at 0")
        self.offsets = offsets
        self.heads = heads
        self.isCausal = isCausal
        self.dropout = dropout
        self.seed = seed
        self.stream = stream
        self.distanceBias = distanceBias
        guard let distanceBias else { return }
        precondition(
            distanceBias.rows == heads && distanceBias.columns >= 2 * longest - 1,
            "a bias [\(distanceBias.shape)] of \(heads) heads over \(longest) tokens")
    }

    public var sequences: Int { offsets.count - 1 }
    public var tokens: Int { offsets[sequences] }

    var scratch: Int { honeAttentionScratch(longest, headSize) + 16 }

    private var longest: Int { (0..<sequences).map { offsets[$0 + 1] - offsets[$0] }.max() ?? 0 }

    /// Set by `Matrix.attention`, which knows the hidden size.
    fileprivate var headSize = 0

    fileprivate func problem(
        _ index: Int, _ qkv: Address, hidden: Int, scratch: Address
    ) -> HoneAttention {
        let (sequence, head) = index.quotientAndRemainder(dividingBy: heads)
        let first = offsets[sequence]
        let length = offsets[sequence + 1] - first
        var problem = unsafe HoneAttention()
        unsafe problem.length = length
        unsafe problem.headSize = headSize
        let start = unsafe qkv.read + first * 3 * hidden + head * headSize
        unsafe problem.q = start
        unsafe problem.k = start + hidden
        unsafe problem.v = start + 2 * hidden
        unsafe problem.ldqkv = 3 * hidden
        unsafe problem.scale = 1 / Float(headSize).squareRoot()
        unsafe problem.causal = isCausal
        if let distanceBias {
            unsafe problem.bias =
                distanceBias.pointer + head * distanceBias.columns + distanceBias.columns / 2
        }
        unsafe problem.dropout = dropout
        unsafe problem.seed = seed
        unsafe problem.stream = stream &+ UInt64(index)
        unsafe problem.scratch = scratch.write
        return unsafe problem
    }
}

extension Matrix {
    /// Attention of all heads over all sequences; `self` is [tokens, 3·hidden]: queries, keys, values.
    public func attention(_ shape: AttentionShape, pool: ThreadPool = .shared) -> Matrix {
        precondition(
            rows == shape.tokens && columns % (3 * shape.heads) == 0, "attention over [\(self.shape)]")
        let hidden = columns / 3
        var shape = shape
        shape.headSize = hidden / shape.heads
        let plan = shape
        var context = Matrix(uninitializedRows: rows, columns: hidden)
        let (qkv, out) = unsafe (Address(self), Address(context.mutablePointer))
        let need = plan.scratch
        pool.parallelRanges(plan.sequences * plan.heads) { range in
            var scratch = Matrix(uninitializedRows: 1, columns: need)
            let memory = unsafe Address(scratch.mutablePointer)
            for index in range {
                var problem = unsafe plan.problem(index, qkv, hidden: hidden, scratch: memory)
                let (sequence, head) = index.quotientAndRemainder(dividingBy: plan.heads)
                unsafe kernels.attention!(
                    &problem, out.write + plan.offsets[sequence] * hidden + head * plan.headSize, hidden)
            }
        }
        withExtendedLifetime(self) {}
        return context
    }

    /// The context of the last tokens of one sequence, each of which sees itself and all before it.
    ///
    /// `self` is [capacity, 3·hidden], of which the first `length` rows are filled. Earlier tokens keep
    /// their keys and values there, and their queries are not asked again: [count, hidden].
    public func causalContext(
        ofLast count: Int, of length: Int, heads: Int, pool: ThreadPool = .shared
    ) -> Matrix {
        precondition(
            1...length ~= count && length <= rows && columns % (3 * heads) == 0,
            "the last \(count) of \(length) tokens of [\(self.shape)]")
        let hidden = columns / 3
        var shape = AttentionShape(offsets: [0, length], heads: heads, isCausal: true)
        shape.headSize = hidden / heads
        let plan = shape
        var context = Matrix(uninitializedRows: count, columns: hidden)
        let (qkv, out) = unsafe (Address(self), Address(context.mutablePointer))
        let need = plan.scratch
        pool.parallelRanges(heads) { range in
            var scratch = Matrix(uninitializedRows: 1, columns: need)
            let memory = unsafe Address(scratch.mutablePointer)
            for head in range {
                var problem = unsafe plan.problem(head, qkv, hidden: hidden, scratch: memory)
                unsafe problem.first = length - count
                unsafe kernels.attention!(&problem, out.write + head * plan.headSize, hidden)
            }
        }
        withExtendedLifetime(self) {}
        return context
    }

    /// The derivative by queries, keys and values, [tokens, 3·hidden]; `self` is what forward was given.
    ///
    /// The attention weights are computed again: n² numbers a head cost more to keep.
    public func attentionBackward(
        _ shape: AttentionShape, dcontext: Matrix, pool: ThreadPool = .shared
    ) -> Matrix {
        attentionBackward(shape, dcontext: dcontext, shares: nil, pool: pool)
    }

    /// The same, and the derivative by the shape's `distanceBias`.
    public func attentionBackwardWithBias(
        _ shape: AttentionShape, dcontext: Matrix, pool: ThreadPool = .shared
    ) -> (dqkv: Matrix, dbias: Matrix) {
        guard let bias = shape.distanceBias else { preconditionFailure("attention without a bias") }
        // Each sequence adds to a row of its own, so that the sum has one order.
        var shares = Matrix(rows: shape.sequences * shape.heads, columns: bias.columns)
        let dqkv = unsafe attentionBackward(
            shape, dcontext: dcontext, shares: Address(shares.mutablePointer), pool: pool)
        var dbias = Matrix(rows: 1, columns: bias.count)
        dbias.addRows(
            of: Matrix(rows: shape.sequences, columns: bias.count, values: shares.values), pool: pool)
        return (dqkv, Matrix(rows: bias.rows, columns: bias.columns, values: dbias.values))
    }

    private func attentionBackward(
        _ shape: AttentionShape, dcontext: Matrix, shares: Address?, pool: ThreadPool
    ) -> Matrix {
        precondition(
            dcontext.rows == rows && dcontext.columns * 3 == columns, "attention over [\(self.shape)]")
        let hidden = columns / 3
        var shape = shape
        shape.headSize = hidden / shape.heads
        let plan = shape
        var result = Matrix(uninitializedRows: rows, columns: columns)
        let (qkv, dc) = (Address(self), Address(dcontext))
        let out = unsafe Address(result.mutablePointer)
        let need = plan.scratch
        pool.parallelRanges(plan.sequences * plan.heads) { range in
            var scratch = Matrix(uninitializedRows: 1, columns: need)
            let memory = unsafe Address(scratch.mutablePointer)
            for index in range {
                var problem = unsafe plan.problem(index, qkv, hidden: hidden, scratch: memory)
                let (sequence, head) = index.quotientAndRemainder(dividingBy: plan.heads)
                let first = plan.offsets[sequence]
                if let shares, let bias = plan.distanceBias {
                    unsafe problem.dbias = shares.write + index * bias.columns + bias.columns / 2
                }
                let d = unsafe out.write + first * 3 * hidden + head * plan.headSize
                unsafe kernels.attentionBackward!(
                    &problem, dc.read + first * hidden + head * plan.headSize, hidden, d, d + hidden,
                    d + 2 * hidden, 3 * hidden)
            }
        }
        withExtendedLifetime((self, dcontext)) {}
        return result
    }
}
