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
    private let names: [String]

    /// - Parameter names: the layers of the checkpoint whose outputs lie side by side in this one.
    public init(inputs: Int, outputs: Int, names: [String]) {
        weight = Matrix(rows: outputs, columns: inputs)
        bias = Matrix(rows: 1, columns: outputs)
        self.names = names
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
    func backward(
        _ dy: Activations, _ x: Activations, into gradient: inout Linear, adding residual: Matrix? = nil
    ) -> Matrix {
        gradient.weight.addProduct(transposeOf: dy, x)
        gradient.bias.addRows(of: dy)
        return dy.times(weight, adding: residual)
    }

    public mutating func visit(
        _ prefix: String, _ body: (Parameter, inout Matrix) throws -> Void
    ) rethrows {
        try body(Parameter(names.map { prefix + $0 + ".weight" }), &weight)
        try body(Parameter(names.map { prefix + $0 + ".bias" }, isVector: true, hasDecay: false), &bias)
    }
}
