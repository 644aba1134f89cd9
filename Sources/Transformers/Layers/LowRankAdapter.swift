public import Tensors

/// What a frozen weight learns in place of itself: w = base + (α/r)·b·a.
///
/// Source: Hu et al., *LoRA*, [arXiv:2106.09685](https://arxiv.org/abs/2106.09685). The weight that the
/// layer multiplies by is always the merged one, so forward, the gradient of the input, evaluation and
/// saving know nothing of adapters; only the gradient of the weight is replaced. Other than two thin
/// products beside each wide one this has no room for dropout on the adapter's own input.
///
/// Where a layer is several of the checkpoint's side by side, each adapted one has a pair of its own.
public struct LowRankAdapter: Sendable {
    /// The pairs' first factors, one after another: [pairs·r, in].
    public var a: Matrix
    /// Their second factors, one after another: [pairs·o, r], o the outputs of one of the layers.
    public var b: Matrix
    /// The weight as it was, [out, in].
    let base: Matrix
    /// Which of the layers side by side are adapted, in rising order.
    let places: [Int]
    let scale: Float
    /// The layers' names in the checkpoint.
    private let names: [String]

    /// An adapter that changes nothing yet: `b` is zero, `a` uniform within ±1/√in, as `peft` begins.
    init(
        of base: Matrix, layers: Int, places: [Int], names: [String], rank: Int, alpha: Float,
        random: inout Philox
    ) {
        let bound = 1 / Float(base.columns).squareRoot()
        let count = places.count * rank * base.columns
        a = Matrix(
            rows: places.count * rank, columns: base.columns,
            values: (0..<count).map { _ in Float.random(in: -bound...bound, using: &random) })
        b = Matrix(rows: places.count * base.rows / layers, columns: rank)
        self.base = base
        self.places = places
        self.names = names
        scale = alpha / Float(rank)
    }

    private var rank: Int { b.columns }
    private var outputs: Int { b.rows / places.count }

    /// base + (α/r)·b·a.
    var merged: Matrix { Activations(wide(b), .f32).times(a.scaled(by: scale), adding: base) }

    /// With h = (α/r)·x·aᵀ:   db += dyᵀ·h   da += ((α/r)·dy·b)ᵀ·x
    ///
    /// Neither needs ∂loss/∂w, [out, in]: both are products with one thin side.
    func backward(_ dy: Activations, _ x: Activations, into gradient: inout LowRankAdapter) {
        let h = PackedWeights(a.scaled(by: scale), bias: nil, x.precision).activations(of: x, gelu: false)
        var dwide = Matrix(rows: base.rows, columns: a.rows)
        dwide.addProduct(transposeOf: dy, h)
        addNarrow(dwide, to: &gradient.b)
        let dh = dy.times(wide(b).scaled(by: scale))
        gradient.a.addProduct(transposeOf: Activations(dh, x.precision), x)
    }

    /// The second factors as blocks on a diagonal, so that one product serves all pairs:
    /// [pairs·o, r] → [out, pairs·r].
    private func wide(_ b: Matrix) -> Matrix {
        guard places != [0] || outputs != base.rows else { return b }
        var result = Matrix(rows: base.rows, columns: a.rows)
        for (pair, place) in places.enumerated() {
            for row in 0..<outputs {
                for c in 0..<rank {
                    result[place * outputs + row, pair * rank + c] = b[pair * outputs + row, c]
                }
            }
        }
        return result
    }

    /// Takes the blocks on the diagonal back out; what lies beside them belongs to no pair.
    private func addNarrow(_ wide: Matrix, to b: inout Matrix) {
        for (pair, place) in places.enumerated() {
            for row in 0..<outputs {
                for c in 0..<rank {
                    b[pair * outputs + row, c] += wide[place * outputs + row, pair * rank + c]
                }
            }
        }
    }

    mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try body(Parameter(names.map { prefix + $0 + ".lora_A.weight" }, isAdapter: true), &a)
        try body(Parameter(names.map { prefix + $0 + ".lora_B.weight" }, isAdapter: true), &b)
    }
}

extension Matrix {
    fileprivate func scaled(by factor: Float) -> Matrix {
        Matrix(rows: rows, columns: columns, values: values.map { $0 * factor })
    }
}
