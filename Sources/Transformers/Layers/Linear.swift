public import Tensors

/// y = x·wᵀ + b.
///
/// Checkpoints hold the weight as [out, in]
/// (<https://pytorch.org/docs/stable/generated/torch.nn.Linear.html>).
public struct Linear: Layer {
    /// [out, in].
    public var weight: Matrix
    /// [1, out].
    public var bias: Matrix
    /// What learns in place of the weight.
    public var adapter: LowRankAdapter?
    /// Whether weight and bias themselves get no gradient.
    public var isFrozen = false
    private let names: [String]
    private let isTransposed: Bool

    /// - Parameters:
    ///   - names: the layers of the checkpoint whose outputs lie side by side in this one.
    ///   - isTransposed: whether the checkpoint holds the weight as [in, out].
    public init(inputs: Int, outputs: Int, names: [String], isTransposed: Bool = false) {
        weight = Matrix(rows: outputs, columns: inputs)
        bias = Matrix(rows: 1, columns: outputs)
        self.names = names
        self.isTransposed = isTransposed
    }

    public func forward(_ x: Matrix, _ pass: Pass) -> (output: Matrix, cache: Activations) {
        let x = Activations(x, .f32)
        return (packed(.f32).apply(to: x), x)
    }

    public func backward(_ dy: Matrix, _ x: Activations, _ pass: Pass, into gradient: inout Linear) -> Matrix
    {
        backward(Activations(dy, .f32), x, into: &gradient)
    }

    /// The weight as a product wants it. Weights change at every step, so this is made at every step.
    func packed(_ precision: Precision) -> PackedWeights {
        PackedWeights(weight, bias: bias, precision)
    }

    /// dw += dyᵀ·x    db += Σ dy    dx = dy·w + residual
    ///
    /// Where the weight is frozen, its adapter's factors get a gradient instead.
    func backward(
        _ dy: Activations, _ x: Activations, into gradient: inout Linear, adding residual: Matrix? = nil
    ) -> Matrix {
        addGradient(of: dy, x, to: &gradient)
        return dy.times(weight, adding: residual)
    }

    /// What the parameters get of ∂loss/∂y.
    func addGradient(of dy: Activations, _ x: Activations, to gradient: inout Linear) {
        if !isFrozen {
            gradient.weight.addProduct(transposeOf: dy, x)
            gradient.bias.addRows(of: dy)
        }
        if let adapter { adapter.backward(dy, x, into: &gradient.adapter!) }
    }

    /// Freezes the layer and lets an adapter learn in its place, if one of its names is a target.
    mutating func adapt(
        rank: Int, alpha: Float, random: inout Philox, where isTarget: (String) -> Bool
    ) {
        isFrozen = true
        let places = names.indices.filter { isTarget(names[$0]) }
        guard !places.isEmpty else { return }
        adapter = LowRankAdapter(
            of: weight, layers: names.count, places: places, names: places.map { names[$0] }, rank: rank,
            alpha: alpha, random: &random)
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try body(
            Parameter(names.map { prefix + $0 + ".weight" }, isTransposed: isTransposed), &weight)
        try body(Parameter(names.map { prefix + $0 + ".bias" }, isVector: true, hasDecay: false), &bias)
        try adapter?.visit(prefix, body)
    }
}
